"""
Sealing as the rest of the world asks for it: passes until nothing is left.

A failure is told once by an alarm, the records wait, and the next call begins where
this one ended; so it resumes by itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from django.db import DatabaseError

from jtsec.audit.transactions import is_in_transaction
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import CannotVerify, ConfigurationError, JtsecError

from .anchoring import bring_up_to_date
from .conf import sealing_settings
from .events import (
    ClockRightAgain,
    ClockSetBack,
    SealingBehind,
    SealingFailed,
    SealingResumed,
)
from .exceptions import CannotSeal, CheckpointAltered
from .lag import lag
from .models import AuditCheckpoint
from .reading import alias
from .sealer import Pass, seal_once
from .troubles import tell_end, tell_once

ACTOR: Final = "jtsec.audit.sealing"
CLOCK_TOLERANCE: Final = 5.0
"""Seconds by which a clock may be put right without an alarm."""


def seal_now(most: int | None = None) -> list[AuditCheckpoint]:
    """
    Seal everything that is due, and bring the anchors up to date (A5.8).

    Args:
        most: how many checkpoints to make at most; None for all that are due.

    Returns:
        The checkpoints made, none where nothing was due or another sealer is at work.

    Raises:
        CannotSeal: a key is missing, the database refuses, or the caller is inside of
            a transaction, in which nothing is certain yet. Nothing is lost.
        CheckpointAltered: a checkpoint to build on is not what was written; nothing is
            built on it.
    """
    using = alias()
    if is_in_transaction(using):
        raise CannotSeal("sealing inside of a transaction")
    with acting_as(system_actor(ACTOR)):
        try:
            passes = list(_passes(using, most))
        # Whatever it is: who stops the sealing must not do it without an alarm.
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            reason = _reason(error)
            tell_once("sealing", reason, SealingFailed(reason=reason, what=what))
            _tell_lag()
            if isinstance(error, CheckpointAltered):
                raise
            raise CannotSeal(what) from error
        tell_end("sealing", _resumed)
        _tell_clock(passes[-1].clock_back)
        _tell_lag()
        bring_up_to_date()
        return [one.checkpoint for one in passes if one.checkpoint is not None]


def _passes(using: str, most: int | None) -> Iterator[Pass]:
    for number in itertools.count(1):
        done = seal_once(using)
        yield done
        # Without a checkpoint another sealer is at work, or nothing can be sealed.
        if done.is_finished or done.checkpoint is None or number == most:
            return


def _reason(error: Exception) -> str:
    if isinstance(error, CheckpointAltered):
        return "checkpoint-altered"
    if isinstance(error, DatabaseError):
        return "database"
    if isinstance(error, CannotVerify | ConfigurationError):
        return "key-missing"
    return "refused" if isinstance(error, JtsecError) else "error"


def _tell_clock(back: float | None) -> None:
    if back is None:
        return
    if back > CLOCK_TOLERANCE:
        tell_once("clock", "set-back", ClockSetBack(seconds=int(back)))
    else:
        tell_end("clock", _right_again)


def _tell_lag() -> None:
    """Raise the alarm when records wait too long, although a pass was made just now."""
    try:
        rows, seconds = lag()
    except DatabaseError:
        return
    if seconds > sealing_settings().lag_seconds:
        event = SealingBehind(rows=rows, seconds=int(seconds))
        tell_once("lag", "behind", event)
    else:
        tell_end("lag", _resumed)


def _resumed(reason: str, since: str) -> SealingResumed:
    return SealingResumed(reason=reason, since=since)


def _right_again(reason: str, since: str) -> ClockRightAgain:
    return ClockRightAgain(reason=reason, since=since)
