"""
Rows that were there before their model was sealed, and rows that are trusted again.

A row without a seal is broken, or whoever takes a seal off would make it trusted. So
sealing what is there is an act of its own, done once by a migration and recorded.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction
from django.db.models import QuerySet

from jtsec.audit.api import record
from jtsec.core.guarding import writing

from . import lanes
from .declaration import SEAL, Plan
from .events import ExistingRowsSealed
from .lane_table import SealedLane
from .root import begin
from .rows import put_seals, read
from .seal import make, new_nonces

BATCH = 500


def seal_rows(plan: Plan, using: str) -> int:
    """
    Seal every row of a table that has no seal, in batches; begins its root.

    Each batch is a transaction; a run that was stopped is taken up by the next.

    Returns:
        The number of rows.

    Raises:
        RowAltered, CannotVerify: an encrypted field of a row does not open.
    """
    rows: Any = QuerySet(model=plan.model, using=using).filter(**{SEAL: b""})
    rows = rows.order_by("pk").values_list("pk", flat=True)
    with transaction.atomic(using=using):
        if not SealedLane.objects.using(using).filter(table=plan.label).exists():
            count = QuerySet(model=plan.model, using=using).count()
            begin(plan, using, count)
    done = 0
    while keys := list(rows[:BATCH]):
        with transaction.atomic(using=using):
            done += _seal(plan, keys, using)
    if done:
        record(ExistingRowsSealed(resource=plan.label, count=done))
    return done


def unseal_rows(plan: Plan, using: str) -> None:
    """Take seals and root off a table, before its column goes."""
    quote = connections[using].ops.quote_name
    column: Any = plan.model._meta.get_field(SEAL)
    table = quote(plan.model._meta.db_table)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        empty = column.get_db_prep_value(b"", connections[using])
        # Names from the model.
        cursor.execute(f"UPDATE {table} SET {quote(column.column)} = %s", [empty])  # noqa: S608 - see above
        with writing("protection"):
            SealedLane.objects.using(using).filter(table=plan.label).delete()


def _seal(plan: Plan, keys: list[Any], using: str) -> int:
    found = read(plan, keys, using, lock=True)
    # Somebody else may have sealed one while its lock was waited for.
    bare = {key: row for key, row in found.items() if not bytes(row[SEAL])}
    nonces = new_nonces(len(bare))
    seals = [
        (key, make(plan, key, row, nonce))
        for (key, row), nonce in zip(bare.items(), nonces, strict=True)
    ]
    put_seals(plan, seals, using)
    lanes.move(plan, using, come=nonces)
    return len(seals)
