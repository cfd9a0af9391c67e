"""A dry run tells how often, and leaves nothing behind."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest

from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks import history_writing
from jtsec.audit.alarms.models import Alarm
from jtsec.audit.rules import api as rules
from jtsec.audit.rules import trial
from jtsec.audit.rules.models import RuleCursor, RuleMemory
from jtsec.core.exceptions import InputError
from tests.audit.rules.events import (
    LOGIN,
    MONDAY,
    happened,
    look,
    person,
    row_of,
    seal_all,
)

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
READING = ("SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture(autouse=True)
def afterwards(monkeypatch):
    """Try it a day after the Monday on which the events are."""
    monkeypatch.setattr(trial, "now", lambda: MONDAY + DAY)


@pytest.mark.clause("A5.7")
def test_a_trial_tells_how_often_a_rule_would_have_fired():
    """With examples, and by day."""
    history_writing.write(
        [*row_of(80, 0.5, MONDAY - 3 * DAY), *row_of(80, 0.5, who=person(2))]
    )
    found = rules.dry_run("high-frequency", days=30)
    assert (found.events, found.hits, found.users) == (160, 2, 2)
    assert found.by_day == {"2026-02-27": 1, "2026-03-02": 1}
    assert [one.username for one in found.examples] == ["user1", "user2"]
    assert round(found.per_day, 3) == round(2 / 30, 3)
    assert rules.dry_run("high-frequency", days=2).hits == 1


@pytest.mark.clause("A5.7")
def test_a_trial_tries_thresholds_and_users():
    """As a policy would set them."""
    history_writing.write(
        [*row_of(80, 0.5), *row_of(80, 0.5, who=person(2, organisation="330100000000"))]
    )
    assert rules.dry_run("high-frequency", 30, {"events": 100}).hits == 0
    assert rules.dry_run("high-frequency", 30, {"events": 10}).hits == 2
    code = "330100000000"
    found = rules.dry_run("high-frequency", 30, scope="organisation", scope_value=code)
    assert found.hits == 1


@pytest.mark.clause("A5.7")
def test_a_trial_agrees_with_the_watcher():
    """The same rules, the same order, the same thresholds."""
    events = [
        *row_of(70, 0.4), *row_of(6, 60, MONDAY + timedelta(hours=13), who=person(2)),
        *(happened(MONDAY + timedelta(minutes=turn), address=f"10.0.0.{turn}",
                   who=person(3)) for turn in range(4)),
    ]  # fmt: skip
    look(events)
    for rule in ("high-frequency", "out-of-hours", "many-places", "core-function"):
        raised = sum(
            alarm.occurrences
            for alarm in Alarm.objects.filter(rule__startswith=f"audit:rule:{rule}")
        )
        assert rules.dry_run(rule).hits == raised, rule


@pytest.mark.clause("A5.7")
def test_a_trial_knows_accounts_that_slept_before_its_first_day():
    """The log before is asked, one account at a time."""
    history_writing.write(
        [happened(MONDAY - 400 * DAY, LOGIN), happened(code=LOGIN),
         happened(MONDAY - 300 * DAY, LOGIN, person(2)), happened(who=person(2))]
    )  # fmt: skip
    found = rules.dry_run("dormant-account", 10)
    assert [one.username for one in found.examples] == ["user1"]


@pytest.mark.clause("A5.7")
def test_a_trial_writes_nothing():
    """No alarm, no memory, no cursor, no statement but SELECT."""
    history_writing.write(row_of(300, 0.2))
    seal_all()
    with CaptureQueriesContext(connection) as captured:
        for rule in rules.RULES:
            rules.dry_run(rule)
    assert not [one["sql"] for one in captured if not one["sql"].startswith(READING)]
    assert not Alarm.objects.exists()
    assert not RuleMemory.objects.exists()
    assert not RuleCursor.objects.exists()


def test_a_trial_reads_in_pieces_and_misses_none(monkeypatch):
    """Also where many events have the same time."""
    monkeypatch.setattr(trial, "CHUNK", 7)
    same = [happened(who=person(number % 3)) for number in range(40)]
    history_writing.write([*same, *row_of(25, 0.1), *row_of(10, 60, MONDAY - DAY)])
    assert rules.dry_run("high-frequency").events == 75


def test_a_trial_stops_where_it_may_not_take_longer():
    """And says so."""
    history_writing.write(row_of(100, 60))
    found = rules.dry_run("high-frequency", most_events=10)
    assert not found.is_whole


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("no-such-rule", 30), "rule"),
        (("high-frequency", 0), "days"),
        (("high-frequency", 400), "days"),
        (("high-frequency", 30, {"wings": 2}), "wings"),
        (("high-frequency", 30, {"events": "many"}), "events"),
        (("high-frequency", 30, {"events": 1}), "events"),
        (("dormant-account", 30, {"days": 366}), "days"),
        (("out-of-hours", 30, {"times": ["8-18"]}), "times"),
        (("out-of-hours", 30, {"weekdays": [0, 8]}), "weekdays"),
    ],
)
def test_nonsense_is_told_by_its_field(arguments, field):
    """A policy is held to what a setting is held to, its floor included."""
    with pytest.raises(InputError) as error:
        rules.dry_run(*arguments)
    assert error.value.field == field


def run(*arguments):
    """Return what the command prints."""
    said = StringIO()
    call_command("jtsec_audit_watch", *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.clause("A5.7")
def test_the_command_looks_and_tries():
    """Once, and a trial with thresholds."""
    history_writing.write(row_of(80, 0.5))
    seal_all()
    assert json.loads(run("--json"))["events"] == 80
    assert json.loads(run("--json"))["checkpoints"] <= 1
    tried = json.loads(
        run("--dry-run", "high-frequency", "--threshold", "events=20", "--json")
    )
    assert tried["hits"] == 1
    assert tried["examples"][0]["username"] == "user1"
    assert "user1" in run("--dry-run", "high-frequency")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--dry-run", "no-such-rule"),
        ("--dry-run", "high-frequency", "--threshold", "events"),
        ("--dry-run", "high-frequency", "--threshold", "events={"),
        ("--dry-run", "high-frequency", "--scope", "planet:earth"),
    ],
)
def test_the_command_refuses_nonsense_with_its_own_code(arguments):
    """Exit 2, and a sentence."""
    with pytest.raises(CommandError) as error:
        run(*arguments)
    assert error.value.returncode == 2
