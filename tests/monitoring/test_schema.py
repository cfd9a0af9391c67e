"""When two schemas differ, told on schemas small enough to read."""

from __future__ import annotations

import pytest

from jtsec.monitoring.schema import (
    Change,
    Difference,
    Kind,
    Thing,
    compare,
    unknown_tables,
)

pytestmark = pytest.mark.clause("P46")

PERMIT = {
    Thing(Kind.TABLE, "permit", "permit"): "",
    Thing(Kind.COLUMN, "permit", "id"): "bigint NOT NULL",
    Thing(Kind.INDEX, "permit", "permit_a1b2"): "(id)",
    Thing(Kind.TRIGGER, "permit", "guard"): "refuse",
}
THEIRS = {
    Thing(Kind.TABLE, "report", "report"): "",
    Thing(Kind.COLUMN, "report", "id"): "bigint",
}


def test_the_same_is_the_same() -> None:
    """No difference without a difference."""
    assert compare(PERMIT, PERMIT) == []


def test_a_name_that_a_machine_made_may_differ() -> None:
    """An older Django named the same index otherwise; it is there once, not twice."""
    renamed = Thing(Kind.INDEX, "permit", "permit_c3d4")
    found = {k: v for k, v in PERMIT.items() if k.kind is not Kind.INDEX}
    found[renamed] = "(id)"
    assert compare(PERMIT, found) == []
    twice = {**PERMIT, renamed: "(id)"}
    assert [one.name for one in compare(PERMIT, twice)] == ["permit_c3d4"]


def test_a_trigger_under_another_name_is_another() -> None:
    """Its name decides when it fires."""
    found = {k: v for k, v in PERMIT.items() if k.kind is not Kind.TRIGGER}
    found[Thing(Kind.TRIGGER, "permit", "aaa")] = "refuse"
    assert [(one.change, one.name) for one in compare(PERMIT, found)] == [
        (Change.ADDED, "aaa"),
        (Change.MISSING, "guard"),
    ]


def test_of_a_missing_table_only_itself_is_named() -> None:
    """Its columns are gone with it."""
    assert compare({**PERMIT, **THEIRS}, PERMIT) == [
        Difference(Change.MISSING, Kind.TABLE, "report", "report")
    ]


def test_a_table_of_others_is_unknown_with_all_that_belongs_to_it() -> None:
    """It is named apart."""
    assert compare(PERMIT, {**PERMIT, **THEIRS}) == []
    assert unknown_tables(PERMIT, {**PERMIT, **THEIRS}) == ["report"]


def test_what_belongs_to_no_table_is_always_looked_at() -> None:
    """A routine or a view stands by itself; nobody else's database is this one."""
    view = Thing(Kind.VIEW, "", "everybody")
    assert compare(PERMIT, {**PERMIT, view: "SELECT"}) == [
        Difference(Change.ADDED, Kind.VIEW, "", "everybody", found="SELECT")
    ]
