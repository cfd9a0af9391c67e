"""Events that only the tests declare."""

from __future__ import annotations

from collections.abc import Mapping

from jtsec.audit.events import Event, Outcome, Sensitive, Severity, event, sensitive


@event("tests:permit:granted", Outcome.DONE, clause="A5.1")
class PermitGranted(Event):
    """A permit was granted."""

    resource: str = ""
    owner: Sensitive[str] = ""
    count: int = 0
    after: Sensitive[Mapping[str, object] | None] = None


@event("tests:permit:refused", Outcome.REFUSED, Severity.WARNING, clause="A5.1")
class PermitRefused(Event):
    """A permit was refused."""

    resource: str = ""
    reason: str = ""
    subject_username: str = ""


@event("tests:permit:failed", Outcome.FAILED, Severity.ALARM, core=True)
class PermitFailed(Event):
    """A permit could not be printed."""

    reason: str = ""
    number: str = sensitive(default="")


@event("tests:anything:noted", Outcome.DONE)
class AnythingNoted(Event):
    """Holds whatever a test puts into it."""

    what: object = None
