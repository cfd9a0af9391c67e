"""
What the audit remembers of a table's root: how often each lane had been written.

Who restores rows and root together, from a backup or as they were a minute ago, makes
both fit again. The log of the audit is sealed and lies elsewhere too: a lane that was
written less often than it says has been put back.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import router

from jtsec.audit.models import AuditRecord

from .events import SealedTableSound
from .exceptions import TableAltered


def serials_of(table: str) -> list[int]:
    """Return what was last recorded of a table's lanes; none where nothing was."""
    code = SealedTableSound.declaration.code
    using = router.db_for_read(AuditRecord)
    rows = AuditRecord.objects.using(using).filter(code=code, resource=table)
    newest = rows.order_by("-id").values_list("payload", flat=True).first()
    if newest is None:
        return []
    told: Any = json.loads(bytes(newest))
    return list(told["data"]["serials"])


def require_not_before(table: str, serials: tuple[int, ...]) -> None:
    """
    Return if no lane was written less often than the audit remembers.

    Raises:
        TableAltered: one was; the table has been put back to an earlier state.
    """
    before = serials_of(table)
    if len(before) > len(serials) or any(
        now < then for now, then in zip(serials, before, strict=False)
    ):
        raise TableAltered(table, "table and root were put back to an earlier state")
