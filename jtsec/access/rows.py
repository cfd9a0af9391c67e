"""How a row of the policy begins and ends: by somebody, for a reason, under a seal."""

from __future__ import annotations

from typing import Final, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.fields.api import apply_seal, check_seal
from jtsec.validation.api import check_plain_text

from .gate import Authority
from .models import AccessRow

R = TypeVar("R", bound=AccessRow)
REASON_LENGTH: Final = 200


def begin(row: R, by: Authority, why: str) -> R:
    """Store a new row, sealed, with who made it and why."""
    row.made_at, row.made_by, row.made_why = now(), by.name, why
    apply_seal(row)
    row.save(force_insert=True)
    return row


def keep(row: R) -> R:
    """Store a changed row under a new seal; the caller has checked the old one."""
    apply_seal(row)
    row.save()
    return row


def end(row: R, by: Authority, why: str) -> R:
    """End a row: it gives nothing any more, and says since when, by whom and why."""
    row.ended_at, row.ended_by, row.ended_why = now(), by.name, why
    return keep(row)


def whole(rows: QuerySet[R], pk: object) -> R:
    """
    Return one live row as the database holds it, locked, its seal verified.

    Raises:
        InputError: there is none, or it has ended.
        RowSealBroken: it was altered; nothing is sealed anew over that.
        CannotVerify: the key is missing.
    """
    found = rows.filter(pk=pk).select_for_update().first()
    if found is None or found.ended_at is not None:
        raise InputError(_("This is not there any more."), code="ended")
    check_seal(found)
    return found


def alive() -> Q:
    """Return what holds for rows that have not ended; their dates are another thing."""
    return Q(ended_at__isnull=True)


def checked_reason(reason: str) -> str:
    """
    Return why something is done, in plain text.

    Raises:
        InputError: it is empty, too long or holds control characters.
    """
    why = check_plain_text(reason, "reason", max_length=REASON_LENGTH).strip()
    if not why:
        raise InputError(_("Give a reason."), field="reason", code="empty")
    return why
