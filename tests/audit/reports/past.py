"""Events of days gone by: the clock of the audit is set, the rest is real."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch

from jtsec.audit.api import record
from jtsec.audit.events import Event
from jtsec.authentication.events import LoginFailed, LoginSucceeded, UserLocked
from jtsec.core.context import ANONYMOUS, Actor
from jtsec.core.source import Source
from tests.audit.declared import PermitGranted

ZHANG = Actor("person", "uid-1", "zhang", "张三", True, "320100000000", "business")
WANG = Actor("person", "uid-2", "=wang", "王五", False, "320200000000", "business")
SHEN = Actor("person", "uid-3", "auditor", "沈六", True, "320100000000", "audit")
GUESSER = "192.0.2.66"


def put(
    event: Event, at: datetime, actor: Actor = ANONYMOUS, address: str = "10.1.1.1"
) -> None:
    """Record an event as if it were then."""
    with patch("jtsec.audit.entry.now", lambda: at):
        record(event, actor=actor, source=Source(address=address))


def fill(midnight: datetime) -> None:
    """Put a small day into the log: three logins, four guesses, a lock, a permit."""
    for hour, actor in ((8, ZHANG), (9, WANG), (23, SHEN)):
        at = midnight + timedelta(hours=hour, minutes=30)
        put(LoginSucceeded(previous_at=None, failures_before=0), at, actor)
    three = midnight + timedelta(hours=3)
    for number in range(4):
        failed = LoginFailed(subject_username="zhang", reason="wrong")
        put(failed, three + timedelta(seconds=number), address=GUESSER)
    locked = UserLocked(subject_username="zhang", failures=5)
    put(locked, three + timedelta(minutes=1), address=GUESSER)
    put(PermitGranted(resource="p:1"), midnight + timedelta(hours=10), WANG)
