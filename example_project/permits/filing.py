"""Filing an application: one transaction, one number, one event."""

from __future__ import annotations

from datetime import datetime
from secrets import randbelow

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import localdate

from jtsec.audit.api import record
from jtsec.audit.coverage.api import audit_function
from jtsec.identity.models import Identity

from .events import PermitFiled
from .models import Permit


@audit_function("permits.file", core=True, arguments=("at",), resource="permits.permit")
def file_permit(permit: Permit, *, by: AbstractBaseUser, at: datetime) -> Permit:
    """
    File an application; a core function, recorded in full or not done (A5.5).

    Args:
        permit: a new one whose fields have been checked.
        by: who files it.
        at: when.

    Returns:
        The application with its number, stored and recorded in one transaction.
    """
    permit.number = f"TX{localdate(at):%Y%m%d}{randbelow(10**8):08d}"
    identity: Identity = by.jtsec_identity  # type: ignore[attr-defined]  # registered
    permit.filed_by = by  # type: ignore[assignment]  # the project's own user model
    permit.filed_at = at
    permit.organisation = identity.organisation
    permit.state = Permit.State.FILED
    permit.edited_by = [str(identity.uid)]
    with transaction.atomic():
        permit.save()
        record(
            PermitFiled(
                resource=f"permits.permit:{permit.pk}", owner_name=permit.owner_name
            )
        )
    return permit
