"""
The reset of an administrator's password needs a second person (clause A4.4).

Whoever hands out a password can log in with it first. With a business user's the roles
limit what comes of it; with a security administrator's it would join two duties in one
hand. So the system administrator applies, the security administrator approves, and
for a day the applicant may reset that one password once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.approvals.api import Application, Kind, State, Step, find, submit
from jtsec.approvals.models import ApprovalRequest
from jtsec.authentication.api import account_of
from jtsec.core.clock import now
from jtsec.core.context import Actor, current
from jtsec.core.exceptions import InputError
from jtsec.identity.models import Duty, Identity

from . import subjects
from .authority import require_administrator

CODE: Final = "accounts.reset-password"
SUBMIT: Final = "jtsec.request_password_reset"
APPROVE: Final = "jtsec.approve_password_reset"
LASTS: Final = timedelta(days=1)


def needs_approval(identity: Identity, actor: Actor | None = None) -> bool:
    """
    Answer whether somebody has to apply before this password is reset.

    A command at the server's console does not: it is the way back when the only one
    who could approve has forgotten theirs.

    Args:
        identity: whose password.
        actor: who is to reset it; by default who acts.
    """
    actor = actor or current().actor
    if identity.duty == Duty.BUSINESS or actor.kind != "person":
        return False
    return not _is_approved(identity, actor)


def apply_for_reset(identity: Identity, *, reason: str) -> ApprovalRequest:
    """
    Submit the reset of an administrator's password for approval.

    Raises:
        NotAllowed: the actor may not, or it is their own account; recorded.
        InputError: there is no reason, or the account is out of use.
        jtsec.approvals.api.ApprovalRefused: the actor may not apply; recorded.
    """
    uid, resource = str(identity.uid), subjects.resource_of(identity)
    require_administrator("apply-for-reset", resource, uid)
    return submit(CODE, resource=resource, payload={}, reason=reason)


def _is_approved(identity: Identity, actor: Actor) -> bool:
    """Answer whether this actor's application was approved, lately, and not used."""
    account = account_of(identity.user)
    row = (
        ApprovalRequest.objects.filter(
            kind=CODE,
            resource=subjects.resource_of(identity),
            maker_uid=actor.uid,
            state=State.EXECUTED,
            closed_at__gte=now() - LASTS,
        )
        .order_by("-closed_at")
        .first()
    )
    if row is None or account is None:
        return False
    # Read with its seal: SQL must not approve what nobody did.
    approved = find(row.pk)
    is_same = (approved.maker_uid, approved.state) == (actor.uid, State.EXECUTED)
    closed_at = approved.closed_at
    return is_same and closed_at is not None and account.password_set_at < closed_at


def _execute(application: Application) -> None:
    _check(application.payload, application.resource)


def _check(payload: Mapping[str, Any], resource: str) -> None:
    if not subjects.person_of(resource).is_active:
        raise InputError(_("This account is out of use."), code="inactive")


def _describe(application: Application) -> Iterator[tuple[Any, object]]:
    person = subjects.person_of(application.resource)
    yield _("Person"), subjects.subject(application.resource, application.payload)
    yield _("Duty"), str(person.get_duty_display())


KIND: Final = Kind(
    code=CODE,
    name=gettext_lazy("Reset of an administrator's password"),
    submit_rights=(SUBMIT,),
    steps=(Step(APPROVE, gettext_lazy("Security administrator approves")),),
    executor=_execute,
    check=_check,
    touched=subjects.touched,
    version_of=subjects.version_of,
    subject=subjects.subject,
    describe=_describe,
    form_title=gettext_lazy("Application for the reset of an administrator's password"),
)
