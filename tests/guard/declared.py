"""Events of the guard's tests."""

from __future__ import annotations

from jtsec.audit.events import Event, Outcome, event


@event("guard:page:looked", Outcome.DONE)
class Looked(Event):
    """A page was looked at."""

    resource: str


@event("guard:page:stopped", Outcome.REFUSED)
class Stopped(Event):
    """A page was stopped."""

    resource: str
    reason: str
