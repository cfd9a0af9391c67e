"""
A password that is asked for in a view, outside of a login.

A form that confirms a change by the present password, an interface that compares one
itself: each is a place to guess. So `user.check_password` in a request is charged as a
login is, before the password is looked at.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import router

from jtsec.audit.api import after_rollback, record
from jtsec.core.apart import would_wait_for_itself
from jtsec.core.context import current
from jtsec.core.source import Source

from .blocks import block_of_terminal, block_of_user
from .confirmed import note_confirmed
from .events import LoginFailed
from .exceptions import Locked
from .lockout import attempt, reserve
from .models import Counter
from .notice import note_failure
from .passwords import matches


def is_password_of(user: Any, password: str) -> bool:
    """
    Answer whether a password is that of a registered user; `check_password` does.

    Outside of a request, in a command, a shell or the test of a model, nothing is
    charged: nobody there is a stranger.

    Raises:
        Locked: as `ask`.
    """
    context = current()
    if context.request is None:
        return matches(user, password).is_right
    return ask(user, password, context.source, reason="wrong-in-view")


def ask(user: Any, password: str, source: Source, *, reason: str) -> bool:
    """
    Answer whether a password is that of a registered user, charging the attempt.

    Args:
        user: whose.
        password: what was typed.
        source: from where.
        reason: what the audit and the user's notice call a wrong one.

    Raises:
        Locked: the user or the terminal is at its limit, by now or already before;
            recorded.
    """
    try:
        if would_wait_for_itself(router.db_for_write(Counter)):
            is_right, is_last = _charge_afterwards(user, password, source), False
        else:
            is_right, is_last = _charge_before(user, password, source)
    except Locked as refused:
        _note(user, source, refused.reason)
        raise
    if is_right:
        note_confirmed(user)
    else:
        _note(user, source, reason)
    if is_last:
        raise Locked(reason)
    return is_right


def _charge_before(user: Any, password: str, source: Source) -> tuple[bool, bool]:
    """Return whether it is right, and whether it was the last try there is."""
    with attempt(user.get_username(), source) as reservation:
        is_right = matches(user, password).is_right
        if is_right:
            reservation.succeed()
        else:
            reservation.spend()
    return is_right, reservation.has_locked


def _charge_afterwards(user: Any, password: str, source: Source) -> bool:
    """
    Compare inside of a transaction on SQLite, whose one writer that transaction is.

    Nobody else can guess meanwhile, so looking first and charging when the transaction
    has ended is as exact.
    """
    username = user.get_username()
    if block_of_terminal(source.key) is not None:
        raise Locked("terminal-blocked")
    if block_of_user(username) is not None:
        raise Locked("user-locked")
    is_right = matches(user, password).is_right
    after_rollback(partial(_settle, username, source, is_right))
    return is_right


def _settle(username: str, source: Source, is_right: bool) -> None:
    try:
        reservation = reserve(username, source)
    except Locked:
        return  # by others meanwhile; it can be no more locked than that
    if is_right:
        reservation.succeed()
    else:
        reservation.spend()


def _note(user: Any, source: Source, reason: str) -> None:
    record(
        LoginFailed(subject_username=user.get_username(), reason=reason), source=source
    )
    note_failure(user, source, reason)
