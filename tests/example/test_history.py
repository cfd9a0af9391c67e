"""The made-up year: something for every chart and rule, sealed, and told as made up."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.example.demonstration import Demonstration

AHEAD = timedelta(hours=8)


@pytest.fixture(scope="module")
def log(prepared: Demonstration) -> list[tuple[datetime, str, str]]:
    """Return local time, action and actor of every event."""
    with closing(sqlite3.connect(prepared.database)) as database:
        rows = database.execute(
            "SELECT at, code, actor_username FROM jtsec_auditrecord"
        ).fetchall()
    return [(datetime.fromisoformat(at) + AHEAD, code, who) for at, code, who in rows]


@pytest.mark.clause("A5.9", "A5.10")
def test_every_month_of_a_year_has_something_to_show(
    log: list[tuple[datetime, str, str]],
) -> None:
    """Every working day, in office hours, by all eight people."""
    present = datetime.now(UTC).replace(tzinfo=None) + AHEAD
    assert present - min(at for at, _, _ in log) >= timedelta(days=365)
    assert max(at for at, _, _ in log) <= present
    months = Counter(f"{at:%Y-%m}" for at, _, _ in log)
    assert len(months) >= 13 and sorted(months.values())[2] > 500
    past = [(at, who) for at, _, who in log if at < present - timedelta(days=1)]
    outside = [at for at, _ in past if at.isoweekday() > 5 or not 7 < at.hour < 19]
    assert len(outside) == 6  # the guesses in the night, and their lock
    assert len({who for _, who in past} - {""}) == 8


def test_what_was_filed_was_approved_on_the_next_working_day(
    log: list[tuple[datetime, str, str]],
) -> None:
    """The log tells the same as the applications."""
    codes = Counter(code for _, code, _ in log)
    assert codes["permits:permit:filed"] == codes["permits:permit:approved"] == 120


def test_the_log_says_that_its_past_was_made_up(
    log: list[tuple[datetime, str, str]],
) -> None:
    """By an event of today, in the name of the command."""
    (told,) = [(at, who) for at, code, who in log if code == "permits:history:made-up"]
    assert told[0].date() >= (datetime.now(UTC) + AHEAD - timedelta(days=1)).date()
    assert told[1] == "demo"


@pytest.mark.clause("A5.5", "A5.6", "A5.8")
def test_it_is_sealed_and_the_rules_have_found_what_was_planted(
    demonstration: Demonstration,
) -> None:
    """A burst of queries, more than usual, a lock; and nothing else."""
    verified = demonstration.manage("jtsec_audit_verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with closing(sqlite3.connect(demonstration.database)) as database:
        alarms = database.execute("SELECT rule, subject FROM jtsec_alarm").fetchall()
    assert sorted(alarms) == [
        ("audit:rule:high-frequency", "wang"),
        ("audit:rule:unusual-business", "wang"),
        ("authentication:user:locked", "li"),
    ]


@pytest.mark.slow
def test_it_can_be_left_out(demonstration: Demonstration) -> None:
    """And comes behind nobody who is there already."""
    demonstration.database.unlink()
    made = demonstration.prepare()
    assert made.returncode == 0 and "已写入一年" not in made.stdout
    again = demonstration.prepare(with_history=True)
    assert "未作改动" in again.stdout and "已写入一年" not in again.stdout


@pytest.mark.slow
def test_a_fresh_start_forgets_the_anchors_of_the_former_log(
    demonstration: Demonstration,
) -> None:
    """Or they would testify against the new one."""
    anchor = demonstration.database.parent / "audit-anchor.log"
    assert anchor.exists()
    assert demonstration.prepare("--fresh").returncode == 0
    assert not anchor.exists()
