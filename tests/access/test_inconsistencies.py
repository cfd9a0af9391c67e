"""What came in behind the verbs gives nothing, and is found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from django.core.checks import CheckMessage

from jtsec.access import exclusions, role_checks, role_evidence
from jtsec.access.api import appoint, assign, find_inconsistencies
from jtsec.access.models import Assignment
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.guarding import writing
from jtsec.fields.api import apply_seal
from jtsec.identity.models import Identity
from tests.access.offices import (
    APPLY,
    APPROVE,
    POLICE,
    QUERY,
    SYSTEM,
    WHY,
    an_office,
    may,
    role,
)
from tests.authentication.persons import by_sql
from tests.identity import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people, and act as the system."""
    with an_office() as made, acting_as(system_actor("a-test")):
        yield made


def force(identity: Identity, what: Any) -> Assignment:
    """Store an assignment under a good seal, as whoever has the key could."""
    with writing("access"):
        row = Assignment(
            identity=identity,
            role=what,
            organisation=identity.organisation,
            made_at=now(),
            made_why=WHY,
        )
        apply_seal(row)
        row.save(force_insert=True)
    return row


def found() -> set[tuple[str, str]]:
    """Return what is found, and about whom."""
    return {(one.reason, one.username) for one in find_inconsistencies()}


def checks() -> list[str]:
    """Return the ids of what the checks say."""
    messages: list[CheckMessage] = []
    for check in role_checks.DATABASE:
        messages += check(None, databases=["default"])
    return [one.id or "" for one in messages]


def test_where_all_is_well_nothing_is_found(office: Any) -> None:
    """Roles, posts and rights in their places."""
    assign(office.zhang, role("asks", QUERY, APPLY), reason=WHY)
    appoint(office.sys, "system-administration", reason=WHY)
    assert found() == set()
    assert checks() == ["jtsec.W207"]
    assert {one.clause for one in role_evidence.facts() if not one.holds} == {"P38"}


@pytest.mark.clause("A4.4", "A4.7")
def test_what_is_forced_in_is_found_and_gives_nothing(office: Any) -> None:
    """Each kind by its name; the decision had no part in it."""
    assign(office.zhang, role("applies", APPLY), reason=WHY)
    force(office.zhang, role("approves", APPROVE))
    force(office.wang, role("cases", POLICE))
    force(office.below, role("sets", SYSTEM, duty="system"))
    assert found() == {
        ("conflict", "zhang"),
        ("police-only", "wang"),
        ("foreign-duty", "below"),
    }
    assert checks() == ["jtsec.E332", "jtsec.E333", "jtsec.E334", "jtsec.W207"]
    assert not may(office.wang, POLICE)
    assert not may(office.zhang, APPLY)
    assert not may(office.zhang, APPROVE)
    assert not may(office.below, SYSTEM)
    clauses = {one.clause for one in role_evidence.facts() if one.holds is False}
    assert clauses >= {"A4.4", "A4.7"}


@pytest.mark.clause("A4.2")
@pytest.mark.parametrize(
    ("table", "column", "value", "key"),
    [
        ("jtsec_role", "rights", '["permits.query_case"]', {"code": "asks"}),
        ("jtsec_assignment", "with_below", False, {"made_why": WHY}),
        ("jtsec_accessprofile", "clearance", 9, {"made_why": WHY}),
    ],
)
def test_an_altered_row_is_found(
    office: Any, table: str, column: str, value: Any, key: dict[str, Any]
) -> None:
    """Whichever column it was."""
    assign(office.sys, role("asks", SYSTEM, duty="system"), reason=WHY)
    appoint(office.sys, "system-administration", reason=WHY)
    by_sql(table, column, value, **key)
    assert "altered" in {one.reason for one in find_inconsistencies()}
    assert "jtsec.E335" in checks()


@pytest.mark.clause("P15.1")
def test_posts_that_met_behind_the_verbs_are_found(office: Any) -> None:
    """The row itself is altered too."""
    appoint(office.sys, "system-administration", reason=WHY)
    both = json.dumps(["database-administration", "system-administration"])
    by_sql("jtsec_accessprofile", "posts", both, identity_id=office.sys.pk)
    assert found() == {("posts-exclude", "sys"), ("altered", "sys")}
    assert "jtsec.E336" in checks()


def test_functions_that_are_declared_anew_are_found(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role that was sound is not any more, and nobody has touched it."""
    both = role("both", QUERY, APPLY)
    assign(office.zhang, both, reason=WHY)
    known = exclusions.demands_of
    anew = replace(QUERY, conflicts_with=frozenset({APPLY.right}))

    def demands_of(right: str) -> Any:
        return anew if right == QUERY.right else known(right)

    monkeypatch.setattr(exclusions, "demands_of", demands_of)
    assert ("conflict", "zhang") in found()
    assert ("role-conflict", "") in found()


def test_empty_roles_are_listed(office: Any) -> None:
    """Who is given one is given nothing."""
    role("empty")
    assert "jtsec.I207" in checks()


@pytest.mark.clause("P38")
def test_two_technical_administrators_are_asked_for(office: Any) -> None:
    """One alone has nobody to stand in."""
    assert "jtsec.W207" in checks()
    people.person("sys2", 903, duty="system")
    assert "jtsec.W207" not in checks()


def test_the_checks_leave_a_database_alone_that_is_not_asked_about() -> None:
    """A check of code alone reads no table."""
    assert role_checks.check_inconsistencies(None) == []
