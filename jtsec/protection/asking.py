"""What a row holds, asked for with the statement that writes the root."""

from __future__ import annotations

from typing import Any

from django.db import connections

from . import lanes
from .declaration import SEAL, Plan
from .rows import naming, read


def stored_row(
    plan: Plan, using: str, key: Any, gone: bytes, come: bytes
) -> dict[str, Any] | None:
    """
    Put one version of a row for another into the root, and return what the row holds.

    Args:
        plan: of its table.
        using: the alias of the database; one that tells nothing with an UPDATE is
            asked by another statement.
        key: its primary key.
        gone: the nonce of the version that was loaded.
        come: that of the one which will be written.

    Returns:
        Its seal and what is under it, by name; None where there is no row.

    Raises:
        RowAltered, RowUnverifiable: an encrypted field does not open.
    """
    if not lanes.may_ask(using):
        lanes.move(plan, using, gone=[gone], come=[come])
        return read(plan, [key], using, lock=True).get(key)
    connection: Any = connections[using]
    quote = connection.ops.quote_name
    meta = plan.model._meta
    columns: list[Any] = [meta.get_field(SEAL), *plan.fields.values()]
    table, id_column = quote(meta.db_table), quote(plan.key.column)
    parts = [
        f"(SELECT {quote(one.column)} FROM {table} WHERE {id_column} = %s)"  # noqa: S608 - names from the model
        for one in columns
    ]
    named = plan.key.get_db_prep_value(key, connection)
    question = lanes.Question(parts, [named] * len(parts))
    answer = lanes.move(plan, using, gone=[gone], come=[come], question=question)
    return None if answer[0] is None else _converted(plan, using, key, columns, answer)


def _converted(
    plan: Plan, using: str, key: Any, columns: list[Any], answer: tuple[Any, ...]
) -> dict[str, Any]:
    rows: Any = plan.model._base_manager.using(using)
    compiler = rows.query.get_compiler(using)
    converters = compiler.get_converters(
        [one.get_col(plan.model._meta.db_table) for one in columns]
    )
    values = list(answer)
    with naming(plan, key):
        if converters:
            (values,) = compiler.apply_converters([values], converters)
    return dict(zip((SEAL, *plan.fields), values, strict=True))
