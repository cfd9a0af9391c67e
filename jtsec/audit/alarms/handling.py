"""
The steps people take with an alarm (clauses P43, P61).

Each is one transaction: the row is locked, who acts is held against it, the state
moves, the step and the event are written. The audit's administrators handle every
alarm; the security administrators those that were handed to them. Who an alarm is
about may say something to it and hand it over, and do nothing else with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.db import router, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.clock import now
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import InputError

from .deadlocks import again_after_deadlock
from .events import AlarmHandled, AlarmStepRefused
from .exceptions import AlarmRefused
from .models import Alarm, State, StepKind
from .steps import add_step

NOTE_LENGTH: Final = 2000
OPEN_TO_CONCERNED: Final = frozenset({StepKind.NOTED, StepKind.HANDED_OVER})
"""Neither takes the alarm away from those who are to look at it."""

Change = Callable[[Alarm, Actor], None]


def claim(alarm: Alarm, *, note: str = "") -> Alarm:
    """
    Take an alarm that nobody has; the acting person handles it from now on.

    Raises:
        AlarmRefused: not theirs to handle, or it is about them; recorded.
        InputError: it is closed, or somebody has it already.
    """

    def change(row: Alarm, actor: Actor) -> None:
        if row.assignee_uid:
            text = _("%(name)s handles this alarm already.")
            raise InputError(text % {"name": row.assignee_name}, code="taken")
        _give(row, actor)

    return take_step(alarm, StepKind.CLAIMED, change, note=note)


def assign(alarm: Alarm, to: Actor, *, note: str) -> Alarm:
    """
    Give an alarm to somebody, also away from somebody else.

    Args:
        alarm: an open alarm.
        to: who is to handle it, with uid, name and duty.
        note: why.

    Raises:
        AlarmRefused: not theirs to give; or whom it is given to may not handle it.
        InputError: it is closed, or there is no note.
    """

    def change(row: Alarm, actor: Actor) -> None:
        require_may(to, row, StepKind.ASSIGNED)
        _give(row, to)

    data = {"to": to.uid, "to_name": to.name}
    return take_step(alarm, StepKind.ASSIGNED, change, note=_required(note), data=data)


def add_note(alarm: Alarm, *, note: str) -> Alarm:
    """
    Say something to an alarm, also to a closed one; its state stays.

    Raises:
        AlarmRefused: not of the duty; recorded.
        InputError: there is no note.
    """
    return take_step(
        alarm, StepKind.NOTED, _nothing, note=_required(note), closed_too=True
    )


def hand_over(alarm: Alarm, *, note: str) -> Alarm:
    """
    Hand an alarm to the security administrators; nobody has it until one claims it.

    Raises:
        AlarmRefused: not theirs to give; recorded.
        InputError: it is closed or handed over already, or there is no note.
    """

    def change(row: Alarm, actor: Actor) -> None:
        if row.is_handed_over:
            raise InputError(_("It was handed over already."), code="taken")
        row.is_handed_over = True
        row.state = State.OPEN
        row.assignee_uid = row.assignee_name = ""
        # Whom it is about hands it on unanswered: the two hours go on.
        if not is_about(row, actor):
            row.answered_at = row.answered_at or now()

    return take_step(alarm, StepKind.HANDED_OVER, change, note=_required(note))


def close(alarm: Alarm, resolution: State | str, *, note: str) -> Alarm:
    """
    Close an alarm for ever; what comes again is a new one.

    Args:
        alarm: an open alarm.
        resolution: `State.HANDLED` or `State.FALSE_ALARM`.
        note: what was found and done.

    Raises:
        AlarmRefused: not theirs to handle, or it is about them; recorded.
        InputError: it is closed, the resolution is none, or there is no note.
    """
    if resolution not in (State.HANDLED, State.FALSE_ALARM):
        raise InputError(_("Choose how the alarm is closed."), field="resolution")
    end = State(resolution)

    def change(row: Alarm, actor: Actor) -> None:
        if not row.assignee_uid:
            _give(row, actor)
        row.state = end
        row.closed_at = now()
        row.fingerprint = None

    return take_step(alarm, StepKind.CLOSED, change, note=_required(note))


def take_step(
    alarm: Alarm,
    kind: StepKind,
    change: Change,
    *,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    closed_too: bool = False,
) -> Alarm:
    """
    Take one step in one transaction.

    Args:
        alarm: which; its row is read again under its lock.
        kind: the step.
        change: changes the locked row; may refuse.
        note: what who acts says.
        data: what else the step holds.
        closed_too: whether a closed alarm takes it.

    Returns:
        The alarm as it stands.

    Raises:
        AlarmRefused: who acts may not; recorded.
        InputError: the alarm is closed, or `change` refuses.
    """
    alias = router.db_for_write(Alarm)
    work = partial(_step, alarm, kind, change, note, data, closed_too, alias)
    try:
        return again_after_deadlock(work, alias)
    except AlarmRefused as refused:
        # Behind the rollback, so that it does not take the record.
        record(_refusal(alarm, kind, refused.reason))
        raise


def _step(
    alarm: Alarm,
    kind: StepKind,
    change: Change,
    note: str,
    data: Mapping[str, Any] | None,
    closed_too: bool,
    alias: str,
) -> Alarm:
    with transaction.atomic(using=alias):
        row = _locked(alarm, alias)
        before = _change(row, kind, change, closed_too=closed_too)
        row.save(using=alias)
        add_step(row, kind, before=before, note=note, data=data)
        record(_event(row, kind, before, note))
    return row


def _change(row: Alarm, kind: StepKind, change: Change, *, closed_too: bool) -> str:
    """Change a locked row if who acts may, and return the state before."""
    actor = current().actor
    require_may(actor, row, kind)
    if not (row.is_open or closed_too):
        raise InputError(_("The alarm is closed."), code="closed")
    before = row.state
    change(row, actor)
    return before


def require_may(actor: Actor, alarm: Alarm, kind: StepKind) -> None:
    """
    Let somebody take a step.

    Raises:
        AlarmRefused: no person of the duty; or the alarm is about them, and who is
            watched would be their own watchman.
    """
    is_of_duty = actor.duty == "audit" or (
        actor.duty == "security" and alarm.is_handed_over
    )
    if actor.kind != "person" or not actor.uid or not is_of_duty:
        raise AlarmRefused("duty", _("This alarm is not yours to handle."))
    if is_about(alarm, actor) and kind not in OPEN_TO_CONCERNED:
        raise AlarmRefused("own-alarm", _("Nobody handles an alarm about themselves."))


def is_about(alarm: Alarm, actor: Actor) -> bool:
    """Answer whether an alarm is about somebody, by uid or by login name."""
    names = {_folded(one) for one in (actor.uid, actor.username) if one}
    return any(_folded(one) in names for one in alarm.concerned)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _locked(alarm: Alarm, alias: str) -> Alarm:
    """Return the row as it is now, locked; on SQLite by writing before reading."""
    rows = Alarm.objects.using(alias).filter(pk=alarm.pk)
    rows.update(occurrences=F("occurrences"))
    return rows.get()


def _give(row: Alarm, to: Actor) -> None:
    row.state = State.IN_HAND
    row.assignee_uid = to.uid
    row.assignee_name = to.name or to.username
    row.answered_at = row.answered_at or now()


def _nothing(row: Alarm, actor: Actor) -> None:
    pass


def _required(note: str) -> str:
    text = note.strip()
    if not text:
        raise InputError(_("Say what was found or done."), field="note")
    if len(text) > NOTE_LENGTH:
        message = _("At most %(number)d characters.") % {"number": NOTE_LENGTH}
        raise InputError(message, field="note")
    return text


def _event(row: Alarm, kind: StepKind, before: str, note: str) -> AlarmHandled:
    return AlarmHandled(
        resource=row.reference,
        rule=row.rule,
        step=kind.value,
        before=before,
        after=row.state,
        note=note,
    )


def _refusal(alarm: Alarm, kind: StepKind, reason: str) -> AlarmStepRefused:
    return AlarmStepRefused(resource=alarm.reference, step=kind.value, reason=reason)
