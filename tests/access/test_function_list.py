"""Every function is listed, and a name nobody declared is found before a visitor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import path

from jtsec.access import function_checks
from jtsec.access.api import Function
from jtsec.access.decorators import requires
from jtsec.access.function_list import listed_functions
from tests.access.declared import declared
from tests.access.offices import APPLY, BY_DUTY, POLICE, QUERY, an_office, role
from tests.authentication.persons import loaded

pytestmark = pytest.mark.django_db


@requires(QUERY.right)
def query(request: HttpRequest) -> HttpResponse:
    """Is behind a declared right."""
    return HttpResponse()


@requires("permits.qery_permit")
def misspelt(request: HttpRequest) -> HttpResponse:
    """Is behind a right that does not exist."""
    return HttpResponse()


@requires("auth.view_group")
def groups(request: HttpRequest) -> HttpResponse:
    """Is behind a permission of Django's."""
    return HttpResponse()


urlpatterns = [
    path("query/", query, name="query"),
    path("misspelt/", misspelt, name="misspelt"),
    path("groups/", groups, name="groups"),
]


@pytest.fixture(autouse=True)
def office(settings: Any) -> Iterator[Any]:
    """Serve three views; one role gives one function."""
    settings.ROOT_URLCONF = __name__
    with an_office() as made:
        role("clerk", QUERY)
        yield made


def listed() -> dict[str, Any]:
    """Return what the command prints, by right."""
    out = StringIO()
    call_command("jtsec_functions", "--json", stdout=out)
    return {one["right"]: one for one in json.loads(out.getvalue())}


@pytest.mark.clause("A4.3")
def test_every_function_is_listed_with_who_asks_and_who_gives() -> None:
    """Declared ones, and what views name besides."""
    found = listed()
    assert found[QUERY.right]["views"] == ["query"]
    assert found[QUERY.right]["roles"] == ["clerk"]
    assert found[POLICE.right]["police_only"]
    assert found[APPLY.right]["conflicts_with"] == ["permits.approve_permit"]
    assert not found["permits.qery_permit"]["declared"]


def test_what_no_view_asks_for_is_listed_alone() -> None:
    """In words for people."""
    out = StringIO()
    call_command("jtsec_functions", "--unguarded", stdout=out)
    assert QUERY.right not in out.getvalue()
    assert f"{POLICE.right}\n    business  police-only\n" in out.getvalue()
    assert "asked for by: no view\n    given by: no role" in out.getvalue()
    assert f"{BY_DUTY.right}\n    audit  by-duty\n    asked" in out.getvalue()
    marks = {one.function.right: one.marks for one in listed_functions()}
    assert marks[POLICE.right] == ("police_only",)


@pytest.mark.clause("A4.1")
def test_a_right_that_does_not_exist_is_warned_of() -> None:
    """The view is closed to everybody; a model's permission is one."""
    (message,) = function_checks.check_undeclared_rights(None)
    assert message.id == "jtsec.W204"
    assert "misspelt" in message.msg
    assert 'function("permits.qery_permit"' in str(message.hint)


@pytest.mark.clause("A4.4")
def test_a_pair_that_cannot_be_meant_is_an_error() -> None:
    """A misspelt side excludes nothing; a pair of one duty shuts everybody out."""
    assert function_checks.check_conflicts(None) == []
    assert function_checks.check_conflicts_of_duty(None) == []
    with declared(
        Function("permits.one", duty="audit", by_duty=True, conflicts_with=["x.y"]),
        Function(
            "permits.two", duty="audit", by_duty=True, conflicts_with=["permits.one"]
        ),
    ):
        assert [one.id for one in function_checks.check_conflicts(None)] == [
            "jtsec.E330"
        ]
        found = function_checks.check_conflicts_of_duty(None)
        assert [one.id for one in found] == ["jtsec.E331"]


@pytest.mark.clause("A4.2")
def test_permissions_that_lie_idle_are_counted(settings: Any) -> None:
    """With the way to make roles of them; silent where they count."""
    assert function_checks.check_idle_permissions(None, ["default"]) == []
    row = Permission.objects.get(codename="view_group", content_type__app_label="auth")
    Group.objects.create(name="all").permissions.add(row)
    user: Any = loaded("zhang")
    user.user_permissions.add(row)
    (message,) = function_checks.check_idle_permissions(None, ["default"])
    assert message.id == "jtsec.W203"
    assert "2" in message.msg
    assert "jtsec_roles_import" in str(message.hint)
    assert function_checks.check_idle_permissions(None, None) == []
    settings.DEBUG = True
    settings.JTSEC_ACCESS_DJANGO_PERMISSIONS = True
    assert function_checks.check_idle_permissions(None, ["default"]) == []


def test_functions_that_no_role_gives_are_listed() -> None:
    """What comes with a duty needs none."""
    (message,) = function_checks.list_functions_nobody_has(None, ["default"])
    assert message.id == "jtsec.I206"
    assert POLICE.right in message.msg
    assert QUERY.right not in message.msg
    assert BY_DUTY.right not in message.msg
