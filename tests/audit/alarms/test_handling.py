"""Who may do what with an alarm, and that every step is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jtsec.audit.alarms.api import (
    Alarm,
    AlarmRefused,
    State,
    add_note,
    assign,
    claim,
    close,
    hand_over,
)
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import parse
from jtsec.core.clock import now
from jtsec.core.context import ANONYMOUS, Actor, acting_as, system_actor
from jtsec.core.exceptions import InputError
from tests.audit.alarms.people import AUDITOR, CLERK, COLLEAGUE, GUARD, raised

pytestmark = pytest.mark.django_db

STEPS: dict[str, Callable[[Alarm], Alarm]] = {
    "claimed": claim,
    "assigned": lambda alarm: assign(alarm, COLLEAGUE, note="请处理"),
    "noted": lambda alarm: add_note(alarm, note="已电话核实"),
    "handed-over": lambda alarm: hand_over(alarm, note="涉及授权"),
    "closed": lambda alarm: close(alarm, State.HANDLED, note="已处置"),
}
OPEN_TO_CONCERNED = {"noted", "handed-over"}


def told(code: str) -> list[dict[str, object]]:
    """Return the payloads of the events of a code."""
    rows = AuditRecord.objects.filter(code=code).order_by("id")
    return [parse(bytes(row.payload)) for row in rows]


@pytest.mark.clause("P61")
@pytest.mark.parametrize("kind", STEPS)
def test_every_step_is_kept_with_who_and_why_and_is_an_event(kind: str):
    """The row says where it stands; the steps say how it came there."""
    alarm = raised()
    with acting_as(AUDITOR):
        STEPS[kind](alarm)
    step = alarm.steps.last()
    assert step is not None
    assert (step.kind, step.actor_uid, step.actor_duty) == (kind, AUDITOR.uid, "audit")
    assert step.before == "open"
    alarm.refresh_from_db()
    assert step.after == alarm.state
    (event,) = told("audit:alarm:step")
    assert event["actor"]["username"] == "auditor"  # type: ignore[index]
    assert event["data"]["step"] == kind  # type: ignore[index]


@pytest.mark.clause("P61")
def test_from_claim_to_closure():
    """未处置, 处理中, 已处置: the way of an ordinary alarm."""
    alarm = raised()
    with acting_as(AUDITOR):
        alarm = claim(alarm)
        assert (alarm.state, alarm.assignee_name) == ("in-hand", "审计甲")
        assert alarm.answered_at is not None
        alarm = close(alarm, State.FALSE_ALARM, note="本人出差，已核实")
    assert (alarm.state, alarm.is_open) == ("false-alarm", False)
    assert alarm.closed_at is not None
    assert alarm.fingerprint is None


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize(
    "actor", [CLERK, GUARD, ANONYMOUS, system_actor("job"), replace(AUDITOR, uid="")]
)
def test_other_duties_cannot_touch_an_alarm(kind: str, actor: Actor):
    """Refused, recorded, and nothing changed."""
    alarm = raised()
    with acting_as(actor), pytest.raises(AlarmRefused) as refused:
        STEPS[kind](alarm)
    assert refused.value.reason == "duty"
    assert alarm.steps.count() == 1
    alarm.refresh_from_db()
    assert alarm.state == "open"
    (event,) = told("audit:alarm:refused")
    assert (event["reason"], event["resource"]) == ("duty", alarm.reference)


@pytest.mark.clause("P61")
@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("known", ["uid", "name", "spelt", "further"])
def test_nobody_handles_an_alarm_about_themselves(kind: str, known: str):
    """By uid or by login name; they may say something, and hand it on."""
    about: dict[str, dict[str, Any]] = {
        "uid": {"subject": "", "subject_uid": AUDITOR.uid},
        "name": {"subject": AUDITOR.username},
        "spelt": {"subject": " ＡUDITOR "},
        "further": {"subject": "", "concerned": (AUDITOR.uid,)},
    }
    alarm = raised(**about[known])
    with acting_as(AUDITOR):
        if kind in OPEN_TO_CONCERNED:
            STEPS[kind](alarm)
            return
        with pytest.raises(AlarmRefused) as refused:
            STEPS[kind](alarm)
    assert refused.value.reason == "own-alarm"
    assert told("audit:alarm:refused")[0]["reason"] == "own-alarm"
    with acting_as(COLLEAGUE):
        close(alarm, State.HANDLED, note="由同事处置")


def test_who_becomes_concerned_later_cannot_close_it_either():
    """The row is read under its lock, not as the page showed it."""
    shown = raised()
    raised(concerned=(AUDITOR.uid,))
    with acting_as(AUDITOR), pytest.raises(AlarmRefused):
        close(shown, State.HANDLED, note="x")


def test_it_is_not_given_to_whom_it_is_about_nor_to_another_duty():
    """Assigning is no way round the rule."""
    alarm = raised(subject=COLLEAGUE.username)
    with acting_as(AUDITOR):
        for to in (COLLEAGUE, CLERK, GUARD):
            with pytest.raises(AlarmRefused):
                assign(alarm, to, note="请处理")


def test_the_security_administrators_handle_what_was_handed_to_them():
    """And nothing else; nobody has it until one of them claims it."""
    alarm, other = raised("a"), raised("b")
    with acting_as(AUDITOR):
        claim(alarm)
        alarm = hand_over(alarm, note="涉及授权")
    assert (alarm.state, alarm.assignee_uid) == ("open", "")
    with acting_as(GUARD):
        claim(alarm)
        alarm = close(alarm, State.HANDLED, note="已停用该授权")
        with pytest.raises(AlarmRefused):
            claim(other)
    assert alarm.state == "handled"
    with acting_as(AUDITOR), pytest.raises(InputError):
        hand_over(alarm, note="再转")


@pytest.mark.clause("P61")
def test_whom_it_is_about_cannot_stop_the_clock_by_handing_it_on():
    """Nobody has looked at it yet, so the two hours go on."""
    alarm = raised(subject=AUDITOR.username)
    with acting_as(AUDITOR):
        alarm = hand_over(alarm, note="与本人有关")
    assert alarm.answered_at is None
    other = raised("other")
    with acting_as(AUDITOR):
        assert hand_over(other, note="x").answered_at is not None


@pytest.mark.parametrize("kind", ["claimed", "assigned", "handed-over", "closed"])
def test_a_closed_alarm_stays_closed(kind: str):
    """What comes again is a new one; only a note may still be added."""
    alarm = raised()
    with acting_as(AUDITOR):
        close(alarm, State.HANDLED, note="已处置")
        with pytest.raises(InputError):
            STEPS[kind](alarm)
        add_note(alarm, note="补充材料")
    alarm.refresh_from_db()
    assert alarm.state == "handled"


def test_what_somebody_has_is_not_claimed_away():
    """It can be assigned, which says who did so and why."""
    alarm = raised()
    with acting_as(AUDITOR):
        claim(alarm)
    with acting_as(COLLEAGUE):
        with pytest.raises(InputError) as taken:
            claim(alarm)
        assert taken.value.code == "taken"
        alarm = assign(alarm, COLLEAGUE, note="甲休假")
    assert alarm.assignee_uid == COLLEAGUE.uid


@pytest.mark.parametrize("note", ["", "  \n ", "x" * 2001])
@pytest.mark.parametrize("kind", ["assigned", "noted", "handed-over", "closed"])
def test_a_note_is_asked_for(kind: str, note: str):
    """What was found and done is the point of the record."""
    alarm = raised()
    attempts: dict[str, Callable[[], Alarm]] = {
        "assigned": lambda: assign(alarm, COLLEAGUE, note=note),
        "noted": lambda: add_note(alarm, note=note),
        "handed-over": lambda: hand_over(alarm, note=note),
        "closed": lambda: close(alarm, State.HANDLED, note=note),
    }
    with acting_as(AUDITOR), pytest.raises(InputError) as wrong:
        attempts[kind]()
    assert wrong.value.field == "note"
    assert alarm.steps.count() == 1


@pytest.mark.parametrize("resolution", ["", "open", "in-hand", "gone"])
def test_a_closure_says_how(resolution: str):
    """Handled or false alarm, nothing else."""
    alarm = raised()
    with acting_as(AUDITOR), pytest.raises(InputError) as wrong:
        close(alarm, resolution, note="x")
    assert wrong.value.field == "resolution"


def test_overdue_is_seen_without_anybody_running_anything():
    """The flag follows the clock, and stays when somebody came too late."""
    alarm = raised()
    assert not alarm.is_overdue
    alarm.due_at = now() - timedelta(seconds=1)
    assert alarm.is_overdue
    alarm.answered_at = now()
    assert not alarm.is_overdue
    alarm.escalated_at = now()
    assert alarm.is_overdue
