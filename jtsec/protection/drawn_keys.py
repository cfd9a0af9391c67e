"""Keys of new rows, drawn from the database before the rows are written."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.fields import AutoFieldMixin

from . import lanes
from .declaration import Plan


def draw(plan: Plan, using: str, nonces: list[bytes]) -> list[Any]:
    """
    Take new rows into the root and draw their keys with the same statement.

    Args:
        plan: of the table.
        using: the alias of the database.
        nonces: of the new rows.

    Returns:
        A key each; none where the database does not give them out, and then the root
        is not written either.
    """
    key: Any = plan.key
    if not (lanes.may_ask(using) and isinstance(key, AutoFieldMixin)):
        return []
    connection: Any = connections[using]
    quote = connection.ops.quote_name
    table, column = plan.model._meta.db_table, plan.key.column
    if connection.vendor == "postgresql":
        question = lanes.Question(
            (
                "ARRAY(SELECT nextval(pg_get_serial_sequence(%s, %s)) "
                "FROM generate_series(1, %s))",
            ),
            (quote(table), column, len(nonces)),
        )
        (keys,) = lanes.move(plan, using, come=nonces, question=question)
        return list(keys)
    # SQLite has one writer, and the root makes us the one: nobody else draws now.
    question = lanes.Question(
        (
            "(SELECT seq FROM sqlite_sequence WHERE name = %s)",
            f"(SELECT MAX({quote(column)}) FROM {quote(table)})",  # noqa: S608 - names from the model
        ),
        (table,),
    )
    answer = lanes.move(plan, using, come=nonces, question=question)
    first = max(one or 0 for one in answer) + 1
    return list(range(first, first + len(nonces)))
