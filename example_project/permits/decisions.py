"""What becomes of an application, and of a correction, once it has been decided."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

from jtsec.approvals.api import Application
from jtsec.audit.api import record
from jtsec.core.context import current
from jtsec.core.exceptions import InputError, Refused
from jtsec.protection.transient.api import end_business

from .events import PermitApproved, PermitCorrected, PermitSentBack
from .models import Permit
from .shown import permit_of, resource_of, within_reach

AFTER = {
    "rejected": Permit.State.REJECTED,
    "withdrawn": Permit.State.DRAFT,
    "expired": Permit.State.DRAFT,
}


def approve(application: Application) -> None:
    """Approve an application; runs in the transaction of the last approval."""
    permit = _locked(application.resource)
    if permit.state != Permit.State.FILED:
        raise Refused("not-filed", "这份申请不在待审批状态。")
    permit.state = Permit.State.APPROVED
    permit.save(update_fields=["state"])
    record(PermitApproved(resource=resource_of(permit), filed_by=application.maker))
    # What was drawn for it was for deciding, and that is done (clause T7.4).
    end_business(resource_of(permit))


def send_back(application: Application, state: str) -> None:
    """Let an application say that it was rejected, or is a draft again."""
    permit = _locked(application.resource)
    if permit.state == Permit.State.FILED:
        permit.state = AFTER[state]
        permit.save(update_fields=["state"])
        record(PermitSentBack(resource=resource_of(permit), reason=state))
        end_business(resource_of(permit))


def correct(application: Application) -> None:
    """
    Carry out a correction that two have approved (clause P45).

    Raises:
        Refused: the application is not approved any more.
        InputError: what was approved is no application any more, such as a plate
            whose form has changed since.
    """
    permit = _locked(application.resource)
    if permit.state != Permit.State.APPROVED:
        raise Refused("not-approved", "只有已批准的通行证可以更正。")
    take_over(permit, application.payload["values"])
    permit.edited_by = sorted({*permit.edited_by, current().actor.uid})
    try:
        permit.full_clean()
    except ValidationError as error:
        raise InputError("更正的内容不符合要求。", code="invalid") from error
    permit.save()
    record(PermitCorrected(resource=resource_of(permit), asked_by=application.maker))


def take_over(permit: Permit, wanted: dict[str, str]) -> None:
    """Put the values of a correction into an application, without storing it."""
    for name, text in wanted.items():
        is_day = name in ("valid_from", "valid_until")
        setattr(permit, name, date.fromisoformat(text) if is_day else text)


def _locked(resource: str) -> Permit:
    pk = permit_of(resource).pk
    return within_reach().select_for_update().get(pk=pk)
