"""Which tables are there: before the first `migrate`, checks of rows find none."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections
from django.db.models import Model


def are_readable(
    databases: Sequence[str] | None, alias: str, *models: type[Model]
) -> bool:
    """
    Answer whether a check of rows can be carried out.

    Args:
        databases: those that are being checked, as Django tells a check.
        alias: the database the rows are in.
        models: what has to be migrated there.
    """
    if databases is None or alias not in databases:
        return False
    tables = connections[alias].introspection.table_names()
    return {model._meta.db_table for model in models} <= set(tables)
