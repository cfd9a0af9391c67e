"""DELETE of sealed rows: only what is what was sealed goes, and goes from the root."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models.sql import DeleteQuery

from jtsec.core import touched_rows

from . import lanes
from .declaration import Plan
from .passing import passing
from .rows import read, verified

Run = Callable[[Any], Any]


def execute(plan: Plan, compiler: Any, run: Run) -> int:
    """
    Delete rows, all of which are what was sealed (clause A6.2).

    A broken row is evidence, and stays.

    Args:
        plan: of the table.
        compiler: of the statement.
        run: carries out a compiler's statement as Django does.

    Returns:
        The number of rows that are gone.

    Raises:
        RowAltered, RowUnverifiable: one is not; nothing is deleted.
    """
    query, using = compiler.query, compiler.using
    # With a savepoint: a piece may be refused when others are done.
    with transaction.atomic(using=using):
        lanes.hold(plan, using)
        keys = touched_rows.matching_keys(query, plan.key.attname, using)
        only = query.where if touched_rows.is_of_one_table(query) else None
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
    part: Any = DeleteQuery(query.model)
    part.get_initial_alias()
    part.add_filter("pk__in", list(seals))
    with passing():
        count = run(part.get_compiler(using))
    lanes.move(plan, using, gone=[one.nonce for one in seals.values()])
    return int(count or 0)
