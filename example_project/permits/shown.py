"""An application in words: for approvals, their forms, and the version they judge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from jtsec.core.context import current
from jtsec.core.exceptions import InputError
from jtsec.crypto import sm3

from .functions import QUERY
from .models import Permit

FIELDS = (
    "plate",
    "vehicle_kind",
    "vin",
    "licence_class",
    "valid_from",
    "valid_until",
    "route",
    "purpose",
)
"""What a correction may change; an owner's data are filed anew."""


def resource_of(permit: Permit) -> str:
    """Return how the audit and the approvals name an application."""
    return f"permits.permit:{permit.pk}"


def permit_of(resource: str) -> Permit:
    """
    Return the application that a resource names, if who acts may see it.

    Raises:
        InputError: it is another organisation's, or above their clearance.
    """
    found = within_reach().filter(pk=int(resource.rpartition(":")[2])).first()
    if found is None:
        raise InputError("没有这份申请，或不在您的授权范围内。", code="out-of-reach")
    return found


def object_of(resource: str) -> Permit:
    """
    Return the application that a right is asked for.

    One out of reach is stood for by a row of no organisation, which nobody reaches:
    the decision refuses it, and says why in the audit.
    """
    pk = int(resource.rpartition(":")[2])
    return within_reach().filter(pk=pk).first() or Permit(pk=pk)


def within_reach() -> QuerySet[Permit]:
    """Return what who acts may see; a command acts for the system, and sees all."""
    request = current().request
    if request is None:
        return Permit.objects.all()
    return Permit.objects.visible_to(request.user, QUERY)


def facts(permit: Permit) -> dict[str, str]:
    """Return what an approver reads; the owner is masked."""
    return {
        "申请编号": permit.number,
        **{
            str(Permit._meta.get_field(name).verbose_name): _shown(permit, name)  # type: ignore[union-attr]  # columns
            for name in FIELDS
        },
        "所有人": permit.MASKING.masked("owner_name", permit.owner_name),
        "身份证明号码": permit.masked_id_number,
        "手机号码": permit.masked_phone,
        "敏感级别": permit.get_sensitivity_display(),
    }


def values(permit: Permit) -> dict[str, str]:
    """Return what a correction may change, as JSON keeps it."""
    return {name: str(getattr(permit, name)) for name in FIELDS}


def version_of(resource: str) -> str:
    """Return a digest of all that an approval is about; any change makes another."""
    permit = permit_of(resource)
    judged: Mapping[str, Any] = {
        **values(permit),
        "owner": [permit.owner_name, permit.owner_id_number, permit.owner_phone],
        "sensitivity": permit.sensitivity,
        "organisation": permit.organisation_id,
        "attachment": permit.attachment.name,
    }
    text = json.dumps(judged, sort_keys=True, ensure_ascii=False)
    return sm3.hexdigest(text.encode())


def editors(resource: str, payload: Mapping[str, Any]) -> list[str]:
    """Return who changed the application; none of them may approve it."""
    return list(object_of(resource).edited_by)


def _shown(permit: Permit, name: str) -> str:
    display = getattr(permit, f"get_{name}_display", None)
    return display() if display else str(getattr(permit, name))
