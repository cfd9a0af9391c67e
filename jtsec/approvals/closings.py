"""
Whether an application was closed before, by the audit, which nobody takes back.

A seal tells that a row is one of ours, not that it is the newest: whoever kept a copy
of an application that still waited could put it back by SQL, steps and all, after it
was carried out, and have it carried out again. The audit is append-only and sealed by
itself; what it knows to be closed stays closed.
"""

from __future__ import annotations

from typing import Final

from jtsec.audit.models import AuditRecord
from jtsec.fields.api import RowSealBroken

from .events import (
    RequestExecuted,
    RequestExpired,
    RequestRejected,
    RequestWithdrawn,
)
from .models import ApprovalRequest

CLOSING: Final = (
    RequestExecuted.declaration.code,
    RequestExpired.declaration.code,
    RequestRejected.declaration.code,
    RequestWithdrawn.declaration.code,
)


def require_never_closed(row: ApprovalRequest) -> None:
    """
    Return if the audit knows of no end of an application.

    Raises:
        RowSealBroken: it was closed once, and its row was put back.
    """
    records = AuditRecord.objects.filter(
        code__in=CLOSING, at__gte=row.submitted_at, resource=row.reference
    )
    if records.exists():
        raise RowSealBroken(f"{row.reference} was closed before, and was put back")
