"""
Changes what somebody is there for in two hands (clauses A4.4, A4.5).

With a duty come all the functions of that duty. A system administrator who could
change it alone would make a security administrator of a friend, and grant anything.
So a person applies, the security administrator approves, and the system changes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.approvals.api import Application, Kind, Step, submit
from jtsec.approvals.models import ApprovalRequest
from jtsec.core.context import acting_as, current, system_actor
from jtsec.core.exceptions import InputError
from jtsec.identity.api import NotAllowed, change
from jtsec.identity.models import Duty, Identity

from . import subjects
from .authority import require_administrator

CODE: Final = "accounts.change-duty"
SUBMIT: Final = "jtsec.request_duty"
APPROVE: Final = "jtsec.approve_duty"


class DutyNeedsApproval(NotAllowed):
    """Says that a person changes a duty by an approved application only."""


def refuse_alone(identity: Identity, before: Mapping[str, object]) -> None:
    """
    Refuse a person who changes somebody's duty alone; receives `on_changed`.

    In a request, whoever made the page. A program at the server's console may: it is
    the way to the first administrators, and back to them.

    Raises:
        DutyNeedsApproval: recorded by identity, with the change undone.
    """
    context = current()
    is_alone = context.request is not None and context.actor.kind == "person"
    if "duty" in before and is_alone:
        raise DutyNeedsApproval(
            "duty-needs-approval",
            _("A duty is changed by an application that a second person approves."),
        )


def apply_for_duty(identity: Identity, duty: str, *, reason: str) -> ApprovalRequest:
    """
    Submit a change of somebody's duty for approval.

    Args:
        identity: whose.
        duty: one of `Duty`, another than the present one.
        reason: why.

    Raises:
        NotAllowed: the actor may not, or it is their own account; recorded.
        InputError: there is no such duty, or no reason; names the field.
        jtsec.approvals.api.ApprovalRefused: the actor may not apply; recorded.
    """
    uid = str(identity.uid)
    require_administrator("apply-for-duty", subjects.resource_of(identity), uid)
    return submit(
        CODE,
        resource=subjects.resource_of(identity),
        payload={"duty": duty},
        before={_("Duty"): str(identity.get_duty_display())},
        after={_("Duty"): _name(duty)},
        reason=reason,
    )


def _execute(application: Application) -> None:
    with acting_as(system_actor(CODE)):
        person = subjects.person_of(application.resource)
        change(person, duty=application.payload["duty"])


def _check(payload: Mapping[str, Any], resource: str) -> None:
    person, duty = subjects.person_of(resource), payload.get("duty")
    if duty not in Duty.values:
        raise InputError(_("Choose a duty."), field="duty", code="unknown")
    if duty == person.duty:
        message = _("This is the present duty.")
        raise InputError(message, field="duty", code="no-change")


def _describe(application: Application) -> Iterator[tuple[Any, object]]:
    yield _("Person"), subjects.subject(application.resource, application.payload)
    yield _("New duty"), _name(str(application.payload["duty"]))


def _name(duty: str) -> str:
    return str(dict(Duty.choices).get(duty, duty))


KIND: Final = Kind(
    code=CODE,
    name=gettext_lazy("Change of a duty"),
    submit_rights=(SUBMIT,),
    steps=(Step(APPROVE, gettext_lazy("Security administrator approves")),),
    executor=_execute,
    check=_check,
    touched=subjects.touched,
    version_of=subjects.version_of,
    subject=subjects.subject,
    describe=_describe,
    form_title=gettext_lazy("Application for the change of a duty"),
)
