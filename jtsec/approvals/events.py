"""What approvals report to the audit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Sensitive, Severity, event


@event(
    "approvals:request:submitted",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A4.4",
    label=_("Application submitted"),
)
class RequestSubmitted(Event):
    """Somebody applied for something that another person must approve."""

    resource: str
    kind: str
    about: str
    reason: str
    before: Sensitive[Mapping[str, object]]
    after: Sensitive[Mapping[str, object]]


@event(
    "approvals:request:amended",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A4.4",
    label=_("Application amended"),
)
class RequestAmended(Event):
    """Somebody changed an application, and so belongs to those who made it."""

    resource: str
    subject_username: str
    kind: str
    about: str
    reason: str
    before: Sensitive[Mapping[str, object]]
    after: Sensitive[Mapping[str, object]]


@event(
    "approvals:request:approved",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A4.4",
    label=_("Application approved"),
)
class RequestApproved(Event):
    """Somebody else approved an application, at one step of perhaps several."""

    resource: str
    subject_username: str
    kind: str
    about: str
    step: int
    in_place_of: str = ""
    reason: str = ""


@event(
    "approvals:request:rejected",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A4.4",
    label=_("Application rejected"),
)
class RequestRejected(Event):
    """Somebody else rejected an application."""

    resource: str
    subject_username: str
    kind: str
    about: str
    step: int
    in_place_of: str = ""
    reason: str = ""


@event(
    "approvals:request:withdrawn",
    Outcome.DONE,
    clause="A4.4",
    label=_("Application withdrawn"),
)
class RequestWithdrawn(Event):
    """Somebody took back what they had applied for."""

    resource: str
    subject_username: str
    kind: str
    about: str
    reason: str = ""


@event(
    "approvals:request:executed",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="P45",
    label=_("Application carried out"),
)
class RequestExecuted(Event):
    """What was approved was done, in the same transaction as this record."""

    resource: str
    subject_username: str
    kind: str
    about: str
    before: Sensitive[Mapping[str, object]]
    after: Sensitive[Mapping[str, object]]
    reason: str = ""


@event(
    "approvals:request:expired",
    Outcome.DONE,
    clause="A4.4",
    label=_("Application expired"),
)
class RequestExpired(Event):
    """Nobody decided over an application before its deadline."""

    resource: str
    subject_username: str
    kind: str
    about: str


@event(
    "approvals:execution:failed",
    Outcome.FAILED,
    Severity.WARNING,
    core=True,
    clause="P45",
    label=_("Application could not be carried out"),
)
class ExecutionFailure(Event):
    """What was approved could not be done; the approval was taken back with it."""

    resource: str
    subject_username: str
    kind: str
    about: str
    reason: str


@event(
    "approvals:request:self-approval",
    Outcome.REFUSED,
    Severity.WARNING,
    core=True,
    clause="A4.4",
    label=_("Self-approval refused"),
)
class SelfApprovalRefused(Event):
    """
    Somebody tried to decide over what they raised, edited or had decided before.

    `reason` tells which: self-approval, earlier-checker, delegate-of-maker or
    delegate-of-checker.
    """

    resource: str
    subject_username: str
    kind: str
    about: str
    step: str
    reason: str


@event(
    "approvals:request:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.4",
    label=_("Step of an application refused"),
)
class RequestStepRefused(Event):
    """A step was refused: the right is missing, the application or object changed."""

    resource: str
    subject_username: str
    kind: str
    about: str
    step: str
    reason: str


@event(
    "approvals:request:broken",
    Outcome.REFUSED,
    Severity.ALARM,
    core=True,
    clause="A4.4",
    label=_("Application altered"),
)
class RequestFoundBroken(Event):
    """An application, one of its steps or a delegation was altered by SQL."""

    resource: str
    step: str
    reason: str


@event(
    "approvals:request:unverified",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="A4.4",
    label=_("Application could not be verified"),
)
class RequestNotVerified(Event):
    """The key to a seal or a content is missing; nothing is known, so nothing done."""

    resource: str
    step: str
    reason: str


@event(
    "approvals:act:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.4",
    label=_("Act without approval refused"),
)
class ActRefused(Event):
    """Somebody tried to do directly what only an approved application does."""

    resource: str
    reason: str


@event(
    "approvals:delegation:made",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A4.4",
    label=_("Approval delegated"),
)
class DelegationMade(Event):
    """Somebody let another person approve in their place for a time."""

    resource: str
    subject_username: str
    reason: str
    after: Mapping[str, object]


@event(
    "approvals:delegation:ended",
    Outcome.DONE,
    clause="A4.4",
    label=_("Delegation ended"),
)
class DelegationEnded(Event):
    """Somebody took back that another person approves in their place."""

    resource: str
    reason: str


@event(
    "approvals:delegation:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.4",
    label=_("Delegation refused"),
)
class DelegationRefused(Event):
    """A delegation would have reached the applicant, or what cannot be delegated."""

    resource: str
    subject_username: str
    reason: str


@event(
    "approvals:form:exported",
    Outcome.DONE,
    clause="P45",
    label=_("Application form exported"),
)
class FormExported(Event):
    """Somebody took the form of an application out of the system."""

    resource: str
    kind: str
    form: str
