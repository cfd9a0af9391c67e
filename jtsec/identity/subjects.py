"""
What others outside know a person by: for the export of the audit.

The audit holds UIDs; a police platform wants the resident ID number. It is decrypted
here, where it is at home, and only for those asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from jtsec.core.exceptions import CannotVerify, VerifiedFalse

from .models import Identity, Organization


def resident_ids(uids: frozenset[str]) -> Mapping[str, str]:
    """
    Return the resident ID numbers of people, by UID.

    One that cannot be decrypted is left out, and only that one: whoever asks falls
    back on the UID, which is true, and a log is not held up by one altered row.
    """
    known = [UUID(uid) for uid in uids if _is_uid(uid)]
    rows = Identity.objects.filter(uid__in=known)
    try:
        return {str(one.uid): one.resident_id for one in rows}
    except (VerifiedFalse, CannotVerify):
        return {str(uid): found for uid in known if (found := _one(uid))}


def organisation_names(codes: frozenset[str]) -> Mapping[str, str]:
    """Return the names of organisations, by code."""
    rows = Organization.objects.filter(code__in=codes)
    return dict(rows.values_list("code", "name"))


def _one(uid: UUID) -> str:
    try:
        return str(Identity.objects.get(uid=uid).resident_id)
    except (Identity.DoesNotExist, VerifiedFalse, CannotVerify):
        return ""


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
