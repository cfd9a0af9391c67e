"""What access reports to the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "access:function:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.1",
    label=_("Function refused"),
)
class FunctionRefused(Event):
    """Somebody called a function that is not theirs; the reason is the exact one."""

    resource: str
    right: str
    reason: str


@event(
    "access:view:undeclared",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A3.1.1",
    label=_("Closed address called"),
)
class UndeclaredViewRefused(Event):
    """Somebody called a view that declares nothing and is therefore closed."""

    resource: str
    reason: str


@event(
    "access:terminal:bound",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.11",
    label=_("Terminal bound"),
)
class TerminalBound(Event):
    """Somebody may use critical functions from a terminal."""

    resource: str
    subject_username: str
    after: Mapping[str, object]
    reason: str


@event(
    "access:terminal:unbound",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.11",
    label=_("Terminal unbound"),
)
class TerminalUnbound(Event):
    """Somebody may no longer use critical functions from a terminal."""

    resource: str
    subject_username: str
    before: Mapping[str, object]
    reason: str


@event(
    "access:propagation:given",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.8",
    label=_("Right to pass on given"),
)
class PropagationGiven(Event):
    """Somebody may pass a right on; from the administrator or from another hand."""

    resource: str
    subject_username: str
    right: str
    after: Mapping[str, object]
    reason: str


@event(
    "access:propagation:used",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.8",
    label=_("Right passed on for use"),
)
class RightPassedOn(Event):
    """Somebody received a right for use from the holder of a right to pass on."""

    resource: str
    subject_username: str
    right: str
    after: Mapping[str, object]
    reason: str


@event(
    "access:propagation:revoked",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.8",
    label=_("Right to pass on taken back"),
)
class PropagationRevoked(Event):
    """A right to pass on ended, with all that came from it; `losers` lost by it."""

    resource: str
    subject_username: str
    right: str
    losers: Sequence[str]
    reason: str


@event(
    "access:propagation:use-revoked",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.8",
    label=_("Right passed on for use taken back"),
)
class PassedRightRevoked(Event):
    """A right that somebody had received by propagation ended."""

    resource: str
    subject_username: str
    right: str
    reason: str


@event(
    "access:set-up:begun",
    Outcome.DONE,
    Severity.WARNING,
    clause="A4.5",
    label=_("Initial administrator made"),
)
class SetUpBegun(Event):
    """The administrator of the installation was made, who may set up only."""

    resource: str
    subject_username: str


@event(
    "access:set-up:finished",
    Outcome.DONE,
    Severity.WARNING,
    clause="P38",
    label=_("Setting up finished"),
)
class SetUpFinished(Event):
    """The initial administrator became an ordinary technical administrator."""

    resource: str
    subject_username: str
    reason: str


@event(
    "access:function:inconsistent",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.7",
    label=_("Function refused that nobody may have been given"),
)
class ForbiddenFunctionRefused(Event):
    """
    Somebody called a function that no grant can give them.

    A police-only function called by who is no police officer, a right that meets the
    one it conflicts with, an identity that was altered.
    """

    resource: str
    right: str
    reason: str


@event(
    "access:function:used",
    Outcome.DONE,
    core=True,
    clause="A5.5",
    label=_("Core function used"),
)
class CoreFunctionUsed(Event):
    """Somebody was let through to a core function; written before it answers."""

    resource: str
    right: str


@event(
    "access:policy:altered",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.2",
    label=_("Altered row of the access policy"),
)
class PolicyRowAltered(Event):
    """A row that says who may do what was altered behind our back; it gives nothing."""

    resource: str


@event(
    "access:policy:unverified",
    Outcome.FAILED,
    Severity.ALARM,
    clause="A4.2",
    label=_("Row of the access policy not verified"),
)
class PolicyRowUnverified(Event):
    """The key of a row's seal is missing; the row gives nothing."""

    resource: str
    reason: str


@event(
    "access:policy:inconsistent",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.4",
    label=_("Grant that nobody may hold"),
)
class ForbiddenGrantFound(Event):
    """
    Somebody holds what the checks of every grant refuse; it gives nothing.

    A right of another duty, a police-only one without being a police officer, both
    sides of a declared conflict: it came in another way.
    """

    resource: str
    subject_username: str
    reason: str
    rights: Sequence[str]


@event(
    "access:rows:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.14",
    label=_("Record out of reach asked for"),
)
class RowRefused(Event):
    """Somebody asked for a record of another organisation, or above the clearance."""

    resource: str
    right: str
    reason: str


@event(
    "access:rows:unscoped",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A4.1",
    label=_("All records asked for"),
)
class RowsUnscoped(Event):
    """A page asked for the rows of a model without bounds, for a reason it gave."""

    resource: str
    reason: str


@event(
    "access:file:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.1",
    label=_("File refused"),
)
class FileRefused(Event):
    """Somebody asked for a file that is not theirs, or that belongs to no record."""

    resource: str
    right: str
    reason: str


@event(
    "access:file:outside",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.1",
    label=_("Record leads to a file outside of its folder"),
)
class FileOutside(Event):
    """A record names a file outside of the folder of uploads; it was altered."""

    resource: str
    reason: str


@event(
    "access:file:altered",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A6.3",
    label=_("Encrypted file was altered"),
)
class FileWasAltered(Event):
    """An encrypted file is not what was stored under its name; it is not given out."""

    resource: str
    reason: str


@event(
    "access:file:served",
    Outcome.DONE,
    clause="A5.1",
    label=_("File handed out"),
)
class FileServed(Event):
    """Somebody was handed the file of a record."""

    resource: str
    right: str
    name: str


@event(
    "access:role:cycle",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.6",
    label=_("Roles that build on themselves"),
)
class RolesInCycle(Event):
    """A role builds on itself through others; it gives nothing."""

    resource: str


@event(
    "access:profile:restored",
    Outcome.DONE,
    Severity.WARNING,
    clause="A4.2",
    label=_("Altered access profile made anew"),
)
class ProfileRestored(Event):
    """Somebody's altered profile was made anew, with nothing in it."""

    resource: str
    subject_username: str
    after: Mapping[str, object]
    reason: str
