"""An application comes into being: drafted, changed, filed; each in one transaction."""

from __future__ import annotations

from datetime import datetime
from secrets import randbelow

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import localdate

from jtsec.approvals import api as approvals
from jtsec.audit.api import record
from jtsec.audit.coverage.api import audit_function
from jtsec.core.exceptions import Refused
from jtsec.identity.api import identity_of
from jtsec.identity.models import Identity

from .events import PermitFiled
from .models import Permit
from .shown import facts, resource_of, within_reach


def keep_draft(permit: Permit, *, by: AbstractBaseUser, at: datetime) -> Permit:
    """
    Keep an application as a draft: a new one, or one that was rejected.

    Args:
        permit: its fields have been checked.
        by: who drafts or changes it, and is one of its makers from now on.
        at: when.

    Raises:
        Refused: it is filed or approved by now, or nobody is named as who drafts.
    """
    identity = _registered(by)
    with transaction.atomic():
        if permit.pk:
            _require_open(permit)
        else:
            permit.number = f"TX{localdate(at):%Y%m%d}{randbelow(10**8):08d}"
            permit.filed_by = by  # type: ignore[assignment]  # the project's user model
            permit.filed_at = at
            permit.organisation = identity.organisation
        permit.state = Permit.State.DRAFT
        permit.edited_by = sorted({*permit.edited_by, str(identity.uid)})
        permit.save()
    return permit


@audit_function("permits.file", core=True, arguments=("at",), resource="permits.permit")
def file_permit(permit: Permit, *, by: AbstractBaseUser, at: datetime) -> Permit:
    """
    File an application; a core function, recorded in full or not done (A5.5).

    Whoever drafted or changed it cannot approve it (clause A4.4).

    Args:
        permit: a new one, or a draft, whose fields have been checked.
        by: who files it.
        at: when.

    Returns:
        The application with its number, stored, recorded and waiting for approval.

    Raises:
        Refused: it is filed or approved by now, or `by` may not file.
    """
    with transaction.atomic():
        keep_draft(permit, by=by, at=at)
        permit.state = Permit.State.FILED
        permit.filed_by = by  # type: ignore[assignment]  # the project's user model
        permit.filed_at = at
        permit.save()
        resource = resource_of(permit)
        record(PermitFiled(resource=resource, owner_name=permit.owner_name))
        approvals.submit(
            "permits.approve",
            resource=resource,
            payload={"number": permit.number},
            after=facts(permit),
            reason=permit.purpose,
        )
    return permit


def _registered(user: AbstractBaseUser) -> Identity:
    identity = identity_of(user)
    if identity is None:
        raise Refused("no-identity", "只有已登记的人员才能办理。")
    return identity


def _require_open(permit: Permit) -> None:
    """Two browsers may have the same draft open, and one has filed it meanwhile."""
    stored = within_reach().select_for_update().get(pk=permit.pk)
    if not stored.is_open:
        raise Refused("not-a-draft", "申请已经提交，不能再修改。")
