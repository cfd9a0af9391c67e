"""Rows of the audit for tests of queries, each as the writer makes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from jtsec.audit.details import seal_details
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import canonical, columns_of, moment
from jtsec.audit.table import Row, insert
from jtsec.core.identifiers import uuid7
from jtsec.keys import api as keys

BEGIN = datetime(2024, 3, 1, tzinfo=UTC)


def row(at: datetime = BEGIN, **columns: Any) -> Row:
    """Return a finished row; columns by name, `data` and `sealed` beside them."""
    event_id = columns.pop("event_id", None) or uuid7(at)
    actor = {
        name: columns.pop(f"actor_{name}", usual)
        for name, usual in {
            "kind": "person",
            "uid": "",
            "username": "zhang",
            "name": "张三",
            "is_police": True,
            "organisation": "110000000000",
            "duty": "business",
        }.items()
    }
    source = {
        name: columns.pop(f"source_{name}", "")
        for name in ("address", "terminal", "mac")
    }
    sealed = columns.pop("sealed", None)
    payload = {
        "v": 1,
        "id": str(UUID(str(event_id))),
        "at": moment(at),
        "code": columns.pop("code", "tests:thing:done"),
        "outcome": columns.pop("outcome", "done"),
        "severity": columns.pop("severity", 10),
        "core": False,
        "actor": actor,
        "source": source,
        "request": columns.pop("request_id", ""),
        "resource": columns.pop("resource", ""),
        "subject": columns.pop("subject", ""),
        "reason": columns.pop("reason", ""),
        "data": columns.pop("data", {}),
    }
    assert not columns, columns
    if sealed is not None:
        payload["sealed"] = seal_details(UUID(str(event_id)), sealed)
    written = canonical(payload)
    key_id, mac = keys.mac(keys.Purpose.AUDIT_MAC, written)
    return columns_of(payload) | {"payload": written, "mac": mac, "mac_key_id": key_id}


def add(*rows: Row) -> list[AuditRecord]:
    """Write rows and return them as the table has them, the newest first."""
    newest = AuditRecord.objects.order_by("-id").values_list("id", flat=True).first()
    insert(rows, "default")
    return list(AuditRecord.objects.filter(id__gt=newest or 0).order_by("-at", "-id"))


def minutes(number: float) -> datetime:
    """Return a moment so many minutes after the first."""
    return BEGIN + timedelta(minutes=number)
