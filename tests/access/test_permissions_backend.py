"""`user.has_perm` and all that stands on it are answered by the one decision."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.context_processors import auth
from django.contrib.auth.models import Group, Permission
from django.db import connections
from django.template import Context, Template
from django.test import RequestFactory

from jtsec.access import policy
from jtsec.access.api import assign
from jtsec.authentication import permissions
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import ConfigurationError
from tests.access.offices import APPLY, BY_DUTY, QUERY, WHY, an_office, role
from tests.authentication.persons import loaded
from tests.identity import people

pytestmark = pytest.mark.django_db
BACKENDS = "AUTHENTICATION_BACKENDS"


class Generous(ModelBackend):
    """Is a backend of somebody else's that gives everything to everybody."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Answer yes."""
        return True

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Answer yes."""
        return True


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people of an office; zhang may query."""
    with an_office() as made:
        with acting_as(system_actor("a-test")):
            assign(made.zhang, role("clerk", QUERY), reason=WHY)
        yield made


@pytest.mark.clause("A4.3")
def test_has_perm_is_the_decision(office: Any) -> None:
    """For rights of roles and for those of a duty."""
    zhang, wang = loaded("zhang"), loaded("wang")
    assert zhang.has_perm(QUERY.right)
    assert not zhang.has_perm(APPLY.right)
    assert not wang.has_perm(QUERY.right)
    assert zhang.has_perms([QUERY.right])
    assert zhang.has_module_perms("permits")
    assert not wang.has_module_perms("permits")
    assert zhang.get_all_permissions() == {QUERY.right}
    assert zhang.get_group_permissions() == set()


@pytest.mark.clause("A4.2")
def test_rows_of_django_s_own_give_nothing(office: Any) -> None:
    """Neither a permission nor a group: whoever has SQL could write them."""
    row = Permission.objects.get(codename="view_group", content_type__app_label="auth")
    group = Group.objects.create(name="all")
    group.permissions.add(row)
    wang = loaded("wang")
    wang.user_permissions.add(row)
    wang.groups.add(group)
    assert not loaded("wang").has_perm("auth.view_group")
    assert loaded("wang").get_all_permissions() == set()


@pytest.mark.clause("A4.2")
def test_they_count_while_a_project_changes_over(office: Any, settings: Any) -> None:
    """By a setting, which is a gap of the clause; duty holds all the same."""
    settings.DEBUG = True
    settings.JTSEC_ACCESS_DJANGO_PERMISSIONS = True
    row = Permission.objects.get(codename="view_group", content_type__app_label="auth")
    for name in ("wang", "sec"):
        loaded(name).user_permissions.add(row)
    policy.forget()
    assert loaded("wang").has_perm("auth.view_group")
    assert not loaded("sec").has_perm("auth.view_group")
    assert "auth.view_group" in loaded("wang").get_all_permissions()


@pytest.mark.clause("A4.2")
def test_in_operation_they_cannot_be_made_to_count(office: Any, settings: Any) -> None:
    """A gap of a mandatory clause is an error, never a quiet yes."""
    settings.DEBUG = False
    settings.JTSEC_ACCESS_DJANGO_PERMISSIONS = True
    with pytest.raises(ConfigurationError, match="DJANGO_PERMISSIONS"):
        loaded("wang").has_perm("auth.view_group")


@pytest.mark.clause("A4.2")
def test_another_backend_cannot_overrule_a_refusal(
    office: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django asks them in turn, and ours ends the asking."""
    settings.AUTHENTICATION_BACKENDS = [
        "jtsec.authentication.backend.IdentityBackend",
        f"{__name__}.Generous",
    ]
    assert not loaded("wang").has_perm(QUERY.right)
    assert not loaded("wang").has_module_perms("permits")
    monkeypatch.setattr(
        permissions.DecidedPermissions, "has_perm", lambda *args, **kwargs: False
    )
    assert loaded("wang").has_perm(QUERY.right)


def test_templates_and_lists_ask_the_same(office: Any) -> None:
    """`perms` in templates, and who has a right."""
    request = RequestFactory().get("/")
    template = Template(
        "{% if perms.permits.query_permit %}query{% endif %}"
        "{% if perms.permits.apply_permit %}apply{% endif %}"
    )
    request.user = loaded("zhang")
    assert template.render(Context(auth(request))) == "query"
    model: Any = get_user_model()
    assert [str(one) for one in model.objects.with_perm(QUERY.right)] == ["zhang"]
    with acting_as(system_actor("a-test")):
        auditor = people.person("shen", 77, duty="audit").user
    assert list(model.objects.with_perm(BY_DUTY.right)) == [auditor]
    assert not model.objects.with_perm("permits.no_such_thing").exists()
    with pytest.raises(ValueError, match="app_label"):
        model.objects.with_perm("query")


@pytest.mark.django_db(transaction=True)
def test_coroutines_ask_the_same(office: Any) -> None:
    """In a thread, for the first question asks the database."""
    zhang = loaded("zhang")

    async def ask() -> list[bool]:
        answers = [
            await zhang.ahas_perm(QUERY.right),
            await zhang.ahas_perm(APPLY.right),
            await zhang.ahas_module_perms("permits"),
            QUERY.right in await zhang.aget_all_permissions(),
        ]
        await sync_to_async(connections.close_all)()
        return answers

    assert asyncio.run(ask()) == [True, False, True, True]
