"""
The ways out: which receivers there are, and one attempt to reach one.

The page of the alarms is always there and needs none. An attempt ends within its time
whatever the receiver does: it runs in a thread of its own that is not waited for
longer. One that stays behind blocks its receiver's next attempt and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from threading import Event, Lock, Thread
from types import MappingProxyType
from typing import Any, Final

from . import mail, syslog, webhook
from .conf import alarm_settings
from .exceptions import NotDelivered

Send = Callable[[str, Mapping[str, Any]], None]

SENDERS: Final[Mapping[str, Send]] = MappingProxyType(
    {"email": mail.send, "syslog": syslog.send, "webhook": webhook.send}
)

_hanging: set[tuple[int, str, str]] = set()
_lock = Lock()


def targets() -> Iterator[tuple[str, str]]:
    """Yield the channel and the receiver of every message an alarm makes."""
    chosen = alarm_settings()
    for recipient in chosen.email_recipients:
        yield "email", recipient
    for receiver in chosen.syslog:
        yield "syslog", receiver
    for address in chosen.webhooks:
        yield "webhook", address


def send(channel: str, target: str, message: Mapping[str, Any]) -> None:
    """
    Make one attempt.

    Raises:
        NotDelivered: nobody knows that the receiver has it.
    """
    # What was taken off the list since then gets nothing more.
    if (channel, target) not in set(targets()):
        raise NotDelivered("the receiver is not in the settings any more")
    # A forked child has none of its parent's threads.
    mark = (os.getpid(), channel, target)
    with _lock:
        if mark in _hanging:
            raise NotDelivered("the attempt before has not come back yet")
        _hanging.add(mark)
    attempt = _Attempt(SENDERS[channel], target, message)
    try:
        attempt.start(at_end=lambda: _hanging.discard(mark))
    # No thread to be had: nothing hangs, and the message stays.
    except RuntimeError as error:
        _hanging.discard(mark)
        raise NotDelivered(_told(error)) from error
    attempt.require_done(alarm_settings().timeout_seconds)


class _Attempt:
    """One call of a sender, in a thread that nobody has to wait for."""

    def __init__(self, sender: Send, target: str, message: Mapping[str, Any]) -> None:
        self._sender = sender
        self._target = target
        self._message = message
        self._is_over = Event()
        self._error: Exception | None = None

    def start(self, at_end: Callable[[], None]) -> None:
        Thread(
            target=self._run, args=(at_end,), daemon=True, name="jtsec-alarm"
        ).start()

    def require_done(self, seconds: float) -> None:
        if not self._is_over.wait(seconds + 1):
            raise NotDelivered("no answer in time")
        if self._error is not None:
            raise NotDelivered(_told(self._error)) from self._error

    def _run(self, at_end: Callable[[], None]) -> None:
        try:
            self._sender(self._target, self._message)
        # Whatever a mail backend of the project's raises: the message stays.
        except Exception as error:
            self._error = error
        finally:
            at_end()
            self._is_over.set()


def _told(error: Exception) -> str:
    if isinstance(error, NotDelivered):
        return str(error)
    return f"{type(error).__name__}: {error}"
