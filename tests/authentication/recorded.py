"""What a test finds in the audit."""

from __future__ import annotations

import json
from typing import Any

from jtsec.audit.models import AuditRecord


def codes() -> list[str]:
    """Return the codes of all events, in order."""
    return list(AuditRecord.objects.order_by("pk").values_list("code", flat=True))


def last(code: str) -> dict[str, Any]:
    """Return the payload of the latest event of a code."""
    row = AuditRecord.objects.filter(code=code).order_by("pk").last()
    assert row is not None, codes()
    payload: dict[str, Any] = json.loads(bytes(row.payload))
    return payload
