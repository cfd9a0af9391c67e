"""
UPDATE of sealed rows by a query: verified and locked, changed, and sealed anew.

What a statement sets may be worked out by the database (`F("count") + 1`), so rows are
read again before they are sealed. It is carried out in pieces, so that a change of a
hundred thousand rows is not held in memory at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models.sql import UpdateQuery

from jtsec.core import touched_rows

from . import lanes
from .declaration import SEAL, Plan
from .exceptions import SealedWriteRefused
from .passing import passing
from .rows import put_seals, read, verified
from .seal import make, new_nonces

Run = Callable[[Any], Any]


def execute(plan: Plan, compiler: Any, run: Run) -> int:
    """
    Change rows, all of which are what was sealed (clause A6.2).

    Args:
        plan: of the table.
        compiler: of the statement.
        run: carries out a compiler's statement as Django does.

    Returns:
        The number of rows.

    Raises:
        RowAltered, RowUnverifiable: one is not; nothing is changed.
        SealedWriteRefused: the statement writes keys or seals.
    """
    query, using = compiler.query, compiler.using
    _require_ordinary(plan, query)
    # With a savepoint: a piece may be refused when others are done.
    with transaction.atomic(using=using):
        lanes.hold(plan, using)
        keys = touched_rows.matching_keys(query, plan.key.attname, using)
        is_of_one = touched_rows.is_of_one_table(query)
        only = query.where if is_of_one else None
        return sum(
            _execute_piece(plan, query, piece, only, using, run)
            for piece in touched_rows.pieces(keys)
        )


def _execute_piece(
    plan: Plan, query: Any, keys: list[Any], only: Any, using: str, run: Run
) -> int:
    seals = verified(plan, read(plan, keys, using, lock=True, only=only))
    if not seals:
        return 0
    part: Any = UpdateQuery(query.model)
    part.get_initial_alias()
    part.values = list(query.values)
    part.related_updates = dict(query.related_updates)
    part.add_filter("pk__in", list(seals))
    with passing():
        count = run(part.get_compiler(using))
    if any(column.attname in plan.fields for column, _, _ in query.values):
        reseal(plan, {key: one.nonce for key, one in seals.items()}, using)
    return int(count or 0)


def reseal(plan: Plan, nonces: dict[Any, bytes], using: str) -> None:
    """
    Seal rows as they are now.

    Args:
        plan: of the table.
        nonces: of the seals they had, by their keys; the caller holds their locks.
        using: the alias of the database.
    """
    found = read(plan, list(nonces), using, lock=False)
    fresh = dict(zip(found, new_nonces(len(found)), strict=True))
    seals = [(key, make(plan, key, row, fresh[key])) for key, row in found.items()]
    put_seals(plan, seals, using)
    gone = [nonces[key] for key in found if nonces[key]]
    lanes.move(plan, using, gone=gone, come=list(fresh.values()))


def _require_ordinary(plan: Plan, query: Any) -> None:
    for column, _, value in query.values:
        if column.name == SEAL or column.primary_key:
            why = f"{column.name} is not written by a statement"
            raise SealedWriteRefused("seal-or-key", plan.label, why)
        if _asks(value):
            why = f"{column.name} is set from other rows; read them and give values"
            raise SealedWriteRefused("query-value", plan.label, why)


def _asks(value: Any) -> bool:
    """Answer whether a value looks at more than its own row."""
    if hasattr(value, "query") or type(value).__name__ in ("Query", "RawSQL"):
        return True
    inner = getattr(value, "get_source_expressions", None)
    return inner is not None and any(_asks(one) for one in inner() if one is not None)
