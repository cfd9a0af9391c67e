"""Each event is looked at once, whatever happens to whoever looks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from benchmarks import history_writing
from jtsec.audit.alarms.models import Alarm
from jtsec.audit.models import AuditRecord
from jtsec.audit.rules import api as rules
from jtsec.audit.rules import watching
from jtsec.audit.rules.models import RuleCursor, RuleMemory
from jtsec.audit.rules.raising import raise_for
from jtsec.audit.rules.remembering import TableMemories
from tests.audit.rules.events import (
    MONDAY,
    ZHANG,
    alarms_of,
    happened,
    look,
    occurrences,
    row_of,
    seal_all,
)

pytestmark = pytest.mark.django_db(transaction=True)

BROKEN = "identity:seal:broken"


@pytest.mark.clause("A5.7")
def test_the_rules_go_on_where_they_stopped():
    """A second look sees nothing twice, and what was begun is counted on."""
    first = look(row_of(50, 0.3))
    second = rules.watch()
    assert (first.events, second.events) == (50, 0)
    assert not alarms_of("high-frequency")
    assert rules.lag() == 0
    look(row_of(30, 0.3, MONDAY + timedelta(seconds=16)))
    assert occurrences("high-frequency") == 1


@pytest.mark.clause("A5.6")
def test_an_event_that_is_an_alarm_becomes_one():
    """Every event of severity ALARM; one object is one alarm."""
    locked = happened(code="authentication:user:locked", who=None, subject="li")
    look(locked, happened(code=BROKEN, who=None, resource="identity:1"))
    look(happened(code=BROKEN, who=None, resource="identity:1"))
    assert Alarm.objects.filter(rule="authentication:user:locked").count() == 1
    assert [one.resource for one in alarms_of("failed-integrity")] == ["identity:1"]
    assert occurrences("failed-integrity") == 2


def test_an_alarm_about_an_alarm_is_not_raised():
    """What the alarms themselves record goes round in no circle."""
    look(happened(code=BROKEN, who=None, resource="identity:1"))
    before = Alarm.objects.count()
    for _ in range(3):
        seal_all()
        rules.watch()
    assert AuditRecord.objects.filter(code="audit:alarm:raised").exists()
    assert Alarm.objects.count() == before


@pytest.mark.clause("A5.7")
def test_members_of_a_checkpoint_are_taken_in_the_order_of_their_times():
    """Late commits stand behind younger events; that makes no rush of a calm hour."""
    hours = [row_of(50, 1, MONDAY + timedelta(hours=turn)) for turn in range(4)]
    mixed = [hours[turn % 4][turn // 4] for turn in range(200)]
    look(mixed)
    assert not alarms_of("high-frequency")
    look(
        [
            row_of(150, 0.3, MONDAY + timedelta(days=1))[turn * 7 % 150]
            for turn in range(150)
        ]
    )
    assert occurrences("high-frequency") == 1


@pytest.mark.clause("A5.7")
@pytest.mark.parametrize("place", ["second alarm", "memories", "cursor"])
def test_a_look_that_fails_leaves_nothing_and_is_made_again(monkeypatch, place):
    """Alarms, memories and cursor are one transaction."""
    history = [*row_of(130, 0.3), happened(code=BROKEN, who=None)]
    raised = []

    def fail(*args, **kwargs):
        raise RuntimeError(place)

    def raise_once(finding):
        raised.append(finding)
        fail() if len(raised) > 1 else raise_for(finding)

    with monkeypatch.context() as patch:
        match place:
            case "second alarm":
                patch.setattr(watching, "raise_for", raise_once)
            case "memories":
                patch.setattr(TableMemories, "save", fail)
            case "cursor":
                patch.setattr(watching, "F", fail)
        with pytest.raises(RuntimeError):
            look(history)
    assert RuleCursor.objects.get().number == 0
    assert not Alarm.objects.exists()
    assert not RuleMemory.objects.exists()
    rules.watch()
    assert occurrences("high-frequency") == 1
    assert occurrences("failed-integrity") == 1


def test_who_was_overtaken_writes_nothing():
    """The cursor is moved from the number it was read at, or not at all."""
    look(row_of(3, 60))
    seal_all()
    work = watching._look(0, "default", None)
    assert work is not None
    with pytest.raises(rules.WatcherBusy):
        watching._commit(0, work, "default")
    assert RuleCursor.objects.get().number == 1


def test_without_the_condition_on_the_cursor_it_would_be_done_twice(monkeypatch):
    """The protection removed: whoever moves it unconditionally raises again."""
    look(happened(code=BROKEN, who=None))
    work = watching._look(0, "default", None)
    assert work is not None
    RuleCursor.objects.update(number=0)
    watching._commit(0, work, "default")
    assert occurrences("failed-integrity") == 2


def test_memories_are_read_anew_where_another_watcher_was_in_between():
    """What a process remembers of the last checkpoint may be overtaken."""
    parts = [row_of(25, 0.3, MONDAY + timedelta(seconds=8 * turn)) for turn in range(3)]
    done = None
    rules.watch()
    for turn, part in enumerate(parts):
        history_writing.write(part)
        seal_all()
        if turn == 1:
            rules.watch()
        else:
            done = watching._step("default", done)
    assert occurrences("high-frequency") == 1


def test_a_piece_is_enough_after_a_response():
    """Somebody's worker is not kept for the whole log."""
    look(row_of(2, 60))
    for turn in range(3):
        history_writing.write(row_of(2, 60, MONDAY + timedelta(days=turn + 1)))
        seal_all()
    assert rules.lag() >= 3
    assert rules.watch(most_events=1).checkpoints == 1
    assert rules.lag() >= 2


@pytest.mark.slow
def test_what_is_remembered_is_bounded():
    """A year of one user fits a few kilobytes."""
    for turn in range(40):
        look(
            *(
                happened(
                    MONDAY + timedelta(days=turn, minutes=number),
                    resource=f"app.model{number}:1",
                    address=f"10.0.{turn}.{number}",
                )
                for number in range(60)
            )
        )
    memory = RuleMemory.objects.get(uid=ZHANG.uid)
    assert len(memory.state) < 12_000
    assert memory.peers == "business 320201000000"


def test_a_look_is_made_where_there_is_something_new(monkeypatch, caplog):
    """And what another process is looking at is left to it."""
    from jtsec.audit.rules import due

    calls: list[int] = []
    waiting = iter((0, 1, 1))
    monkeypatch.setattr(due, "lag", lambda: next(waiting))

    def look(limit):
        calls.append(limit)
        raise rules.WatcherBusy("busy", "another is looking")

    monkeypatch.setattr(due, "watch", look)
    for expected in ([], [5000], [5000, 5000]):
        due.watch_when_due.come_due()
        due.watch_when_due()
        assert calls == expected
    assert caplog.records == []


def test_a_look_that_fails_takes_no_response_with_it(monkeypatch, caplog):
    """It is logged, and made again the next time."""
    from jtsec.audit.rules import due

    def fail(limit):
        raise RuntimeError("no")

    monkeypatch.setattr(due, "watch", fail)
    monkeypatch.setattr(due, "lag", lambda: 1)
    due.watch_when_due.come_due()
    due.watch_when_due()
    assert "could not look" in caplog.text
