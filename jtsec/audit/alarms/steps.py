"""Adds a step to an alarm: who did what when, and in which state it stood after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jtsec.core.clock import now
from jtsec.core.context import Actor, current

from .models import Alarm, AlarmStep, StepKind


def add_step(
    alarm: Alarm,
    kind: StepKind,
    *,
    before: str,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    actor: Actor | None = None,
) -> AlarmStep:
    """
    Write a step in the transaction in force.

    Args:
        alarm: as it stands after the step.
        kind: what was done.
        before: the state before.
        note: what who did it says.
        data: what the step is about, JSON-able.
        actor: who did it; who acts in the context by default.
    """
    by = current().actor if actor is None else actor
    step = AlarmStep(
        alarm=alarm,
        at=now(),
        kind=kind,
        before=before,
        after=alarm.state,
        actor_uid=by.uid[:36],
        actor_username=by.username[:254],
        actor_name=by.name[:150],
        actor_duty=by.duty[:16],
        note=note,
        data=dict(data or {}),
    )
    step.save(using=alarm._state.db)
    return step
