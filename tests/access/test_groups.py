"""Django's groups become roles, where they fit; nothing is half done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command

from jtsec.access import groups
from jtsec.access.api import assign as assign_role
from jtsec.access.api import (
    carry_out_groups,
    find_inconsistencies,
    list_roles,
    plan_groups,
)
from jtsec.access.models import Assignment, Role
from jtsec.core.exceptions import InputError, Refused
from jtsec.identity.api import actor_of
from tests.access.offices import (
    APPLY,
    APPROVE,
    BY_DUTY,
    POLICE,
    QUERY,
    SYSTEM,
    WHY,
    an_office,
    may,
    role,
)
from tests.authentication.persons import by_sql
from tests.authentication.recorded import last
from tests.identity import people

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.6")]


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people."""
    with an_office() as made:
        yield made


def group(name: str, *functions: Any, members: Any = ()) -> Group:
    """Make a group with permissions, as a project had it."""
    made = Group.objects.create(name=name)
    for one in functions:
        label, _, codename = one.right.partition(".")
        kind, _made = ContentType.objects.get_or_create(app_label=label, model="permit")
        permission, _made = Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": codename}
        )
        made.permissions.add(permission)
    for member in members:
        member.user.groups.add(made)
    return made


def test_a_group_becomes_a_role_of_its_members(office: Any) -> None:
    """What the group was meant to give works again; a second time adds nothing."""
    group("窗口", QUERY, APPLY, members=(office.zhang, office.wang))
    assert not may(office.zhang, QUERY)
    planned = plan_groups()
    assert Role.objects.count() == 0
    done = carry_out_groups(actor_of(office.sec.user), reason=WHY)
    assert [one.as_dict() for one in done] == [one.as_dict() for one in planned]
    assert may(office.zhang, QUERY)
    assert may(office.wang, APPLY)
    told = last("access:groups:imported")
    assert told["actor"]["username"] == "sec"
    assert told["data"]["assignments"] == 2
    again = carry_out_groups(actor_of(office.sec.user), reason=WHY)
    assert [(one.is_new, one.members) for one in again] == [(False, ())]


def test_what_does_not_fit_is_named_and_left_out(office: Any) -> None:
    """Police rights, pairs over two groups, other duties, strangers."""
    group("cases", POLICE, members=(office.zhang, office.wang))
    group("applies", APPLY, members=(office.zhang,))
    group("approves", APPROVE, members=(office.zhang, office.far))
    group("mixed", QUERY, SYSTEM, members=(office.zhang,))
    group("trail", BY_DUTY)
    strangers = group("strangers", QUERY, members=(office.sys,))
    people.user("nobody").groups.add(strangers)
    done = {
        one.name: one for one in carry_out_groups(actor_of(office.sec.user), reason=WHY)
    }
    members = {
        name: [member.login_name for member in one.members]
        for name, one in done.items()
    }
    assert members == {
        "cases": ["zhang"],
        "applies": ["zhang"],
        "approves": ["far"],
        "mixed": [],
        "trail": [],
        "strangers": [],
    }
    assert [len(one.problems) for one in done.values()] == [1, 0, 1, 1, 2, 2]
    assert find_inconsistencies() == ()


def test_only_the_security_administrator_imports(office: Any) -> None:
    """And only for a reason."""
    group("asks", QUERY, members=(office.zhang,))
    with pytest.raises(Refused):
        carry_out_groups(actor_of(office.sys.user), reason=WHY)
    with pytest.raises(InputError):
        carry_out_groups(actor_of(office.sec.user), reason=" ")
    assert Role.objects.count() == 0


def test_a_failure_in_the_middle_leaves_nothing(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All the groups or none."""
    group("first", QUERY, members=(office.zhang,))
    group("second", APPLY, members=(office.zhang,))
    known = assign_role

    def assign(identity: Any, role: Any, **other: Any) -> Any:
        if "second" in role:
            raise InputError("no", code="no")
        return known(identity, role, **other)

    monkeypatch.setattr(groups, "assign", assign)
    with pytest.raises(InputError):
        carry_out_groups(actor_of(office.sec.user), reason=WHY)
    assert (Role.objects.count(), Assignment.objects.count()) == (0, 0)


def run(*arguments: str) -> str:
    """Return what a command prints."""
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_commands_say_what_there_is_and_would_be(office: Any) -> None:
    """For people and for programs."""
    group("asks", QUERY, members=(office.zhang,))
    assert "group-" in run("jtsec_roles_import", "--dry-run")
    with pytest.raises(CommandError) as caught:
        run("jtsec_roles_import")
    assert caught.value.returncode == 2
    with pytest.raises(CommandError) as caught:
        run("jtsec_roles_import", "--actor", "sys", "--reason", WHY)
    assert caught.value.returncode == 3
    made = json.loads(
        run("jtsec_roles_import", "--actor", "sec", "--reason", WHY, "--json")
    )
    assert made[0]["members"] == ["zhang"]
    (listed,) = json.loads(run("jtsec_roles", "--json"))
    assert listed["rights"] == [QUERY.right]
    assert listed["holders"][0]["username"] == "zhang"
    assert "@zhang" in run("jtsec_roles")
    assert run("jtsec_roles", "nothing-of-the-kind")


def test_the_command_says_when_there_is_nothing_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A database that was not migrated is no reason for a traceback."""
    monkeypatch.setattr(Role._meta, "db_table", "not_there_yet")
    with pytest.raises(CommandError) as caught:
        run("jtsec_roles")
    assert caught.value.returncode == 2


def test_the_command_says_what_is_wrong(office: Any) -> None:
    """And answers a script by its exit code."""
    role("asks", QUERY)
    assert run("jtsec_roles", "--check")
    by_sql("jtsec_role", "name", "another", code="asks")
    for how in ([], ["--json"]):
        with pytest.raises(CommandError) as caught:
            run("jtsec_roles", "--check", *how)
        assert caught.value.returncode == 1
    assert not list_roles()[0].is_whole
    assert run("jtsec_roles")
