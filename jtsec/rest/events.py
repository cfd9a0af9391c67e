"""What the interfaces report to the audit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "rest:client:registered",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A4.13",
    label=_("Client of interfaces registered"),
)
class ClientRegistered(Event):
    """The key of a terminal or service was registered, for some functions."""

    resource: str
    subject_username: str
    after: Mapping[str, object]
    reason: str


@event(
    "rest:client:ended",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A4.13",
    label=_("Client of interfaces ended"),
)
class ClientEnded(Event):
    """The key of a terminal or service was taken out of use."""

    resource: str
    subject_username: str
    before: Mapping[str, object]
    reason: str


@event(
    "rest:client:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.13",
    label=_("Change of a client refused"),
)
class ClientChangeRefused(Event):
    """Somebody may not register or end a client, or what they gave is malformed."""

    resource: str
    action: str
    reason: str
    detail: str


@event(
    "rest:client:altered",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.13",
    label=_("Client of interfaces altered"),
)
class ClientAltered(Event):
    """A client's row was changed behind the application's back; it is refused."""

    resource: str
    reason: str


@event(
    "rest:client:right-missing",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.13",
    label=_("Client called a function that is not its own"),
)
class ClientRightMissing(Event):
    """A client signed a call of a function that was not registered for it."""

    resource: str
    right: str
    reason: str


@event(
    "rest:signature:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.13",
    label=_("Signed request refused"),
)
class SignedRequestRefused(Event):
    """A signed request was not accepted; told once a minute of one source."""

    resource: str
    reason: str


@event(
    "rest:signature:replayed",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.13",
    label=_("Signed request replayed"),
)
class SignedRequestReplayed(Event):
    """
    A request came a second time under the same signature.

    Somebody recorded it on its way, or the client's program repeats itself. Told once
    a minute of one client and source.
    """

    resource: str
    reason: str


@event(
    "rest:calls:warned",
    Outcome.DONE,
    Severity.WARNING,
    clause="A4.12",
    label=_("Interface called often"),
)
class CallsWarned(Event):
    """A caller has made nearly as many calls as a minute may see; told once in it."""

    resource: str
    scope: str
    calls: int
    limit: int


@event(
    "rest:calls:blocked",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.12",
    label=_("Interface called too often"),
)
class CallsBlocked(Event):
    """A caller made more calls than a minute may see; blocked until the next."""

    resource: str
    scope: str
    reason: str
    limit: int
