"""Each difference is named, and nothing is named that is none."""

from __future__ import annotations

from typing import Any

import pytest

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from jtsec.audit.alarms.models import Alarm
from jtsec.audit.rules.api import watch
from jtsec.audit.sealing.api import seal_now
from jtsec.monitoring import evidence
from jtsec.monitoring.api import (
    Change,
    Difference,
    Exit,
    Kind,
    Report,
    Schema,
    check_schema,
    record_report,
)
from tests.monitoring.alterations import ALTERATIONS, TABLE, altered, execute

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P46")]


def report(*differences: Difference, partial: str = "") -> Report:
    """Return a report as a comparison would make it."""
    return Report("default", "sqlite", differences, (), 9, partial, 0.1)


HIDDEN = Difference(Change.ADDED, Kind.COLUMN, TABLE, "hidden", found="varchar(9)")


def test_an_untouched_database_has_no_difference() -> None:
    """What migrations made is what migrations make, whatever the database."""
    found = check_schema()
    assert (found.differences, found.unknown, found.partial) == ((), (), "")
    assert found.exit_code is Exit.SAME
    assert found.things > 500


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_alteration_is_named(name: str, expected: Schema) -> None:
    """With its table, what it is, what was expected and what was found."""
    alteration = ALTERATIONS[name]
    if connection.vendor not in alteration.sql:
        pytest.skip(f"{connection.vendor} has no such thing, or another test")
    with altered(alteration):
        found = check_schema(expected=expected)
    *place, named = alteration.named
    matching = [
        one
        for one in found.differences
        if [one.change, one.kind, one.table] == place and one.name.startswith(named)
    ]
    assert matching, found.differences
    assert len(found.differences) == len(matching)
    assert matching[0].expected != matching[0].found
    assert found.exit_code is Exit.DIFFERENT


def test_what_was_taken_back_is_no_difference(expected: Schema) -> None:
    """The alterations of the other tests leave nothing behind."""
    assert check_schema(expected=expected).differences == ()


def test_somebody_elses_table_is_named_and_is_no_difference(expected: Schema) -> None:
    """A database may be shared: what no migration makes is not ours to judge."""
    execute("CREATE TABLE theirs (id integer PRIMARY KEY)")
    try:
        found = check_schema(expected=expected)
    finally:
        execute("DROP TABLE theirs")
    assert (found.unknown, found.differences) == (("theirs",), ())


def test_a_migration_that_is_not_applied_is_named(expected: Schema) -> None:
    """A row of Django's own list that somebody took out, or a deployment half done."""
    rows = MigrationRecorder.Migration.objects.using("default")
    last = rows.filter(app="jtsec").latest("id")
    last.delete()
    named = [one.name for one in check_schema(expected=expected).differences]
    assert named == [f"jtsec.{last.name}"]


def test_a_changed_definition_says_both(expected: Schema) -> None:
    """What was expected and what was found."""
    with altered(ALTERATIONS["type changed"]):
        (one,) = check_schema(expected=expected).differences
    assert "40" in one.expected
    assert "40" not in one.found
    assert one.place == f"{TABLE}.phone"


@pytest.mark.django_db(transaction=True)
def test_a_difference_becomes_an_alarm() -> None:
    """Recorded, sealed, seen by the rules: somebody has to look at it."""
    record_report(report(HIDDEN))
    seal_now()
    watch()
    alarm = Alarm.objects.get(rule="monitoring:schema:differs")
    assert alarm.resource == "database:default"


def test_the_evidence_is_how_the_newest_comparison_ended(monkeypatch: Any) -> None:
    """Never compared, the same, altered, not to be compared, too long ago."""
    assert holds() is None
    record_report(report())
    assert holds() is True
    with monkeypatch.context() as patch:
        patch.setattr(evidence, "LONGEST", evidence.LONGEST * 0)
        assert holds() is None
    record_report(report(HIDDEN))
    assert holds() is False
    record_report(report(partial="no rights"))
    assert holds() is None


def holds() -> bool | None:
    """Return what the evidence says."""
    (fact,) = evidence.facts()
    assert fact.clause == "P46"
    return fact.holds
