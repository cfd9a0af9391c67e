"""Triggers for SQLite."""

from __future__ import annotations

from .triggers import DAYS, MESSAGE, Protected, Triggers

_REFUSE = f"SELECT RAISE(ABORT, '{MESSAGE}');"


def triggers_of(protected: Protected) -> Triggers:
    """Return the triggers of a table."""
    table = protected.table
    update, delete, replace = (
        f"{table}_no_{what}" for what in ("update", "delete", "replace")
    )
    return Triggers(
        names=(update, delete, replace),
        create=(
            f'CREATE TRIGGER "{update}" BEFORE UPDATE ON "{table}" BEGIN {_REFUSE} END',
            f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{table}" '
            f"{_unless_released(protected)}BEGIN {_REFUSE} END",
            f'CREATE TRIGGER "{replace}" BEFORE INSERT ON "{table}" '
            f"WHEN {_replaces(protected)} BEGIN {_REFUSE} END",
        ),
        drop=tuple(
            f'DROP TRIGGER IF EXISTS "{name}"' for name in (update, delete, replace)
        ),
        list_query=(
            "SELECT name FROM sqlite_master "  # noqa: S608 - constants
            f"WHERE type = 'trigger' AND tbl_name = '{table}'"
        ),
    )


def _unless_released(protected: Protected) -> str:
    """Return the condition under which a row may not go; "" for always."""
    if not protected.ranges:
        return ""
    return (
        f"WHEN NOT (OLD.\"at\" < datetime('now', '-{DAYS} days') "  # noqa: S608 - constants
        f'AND OLD."id" <= COALESCE((SELECT last_id FROM "{protected.ranges}" '
        'WHERE first_id <= OLD."id" ORDER BY first_id DESC LIMIT 1), -1)) '
    )


def _replaces(protected: Protected) -> str:
    """
    Return what holds of an insert that would replace a row.

    INSERT OR REPLACE removes the old row without asking a DELETE trigger (unless
    recursive_triggers is on), so an insert over an existing row is refused by itself.
    """
    return " OR ".join(
        f'EXISTS (SELECT 1 FROM "{protected.table}" WHERE "{name}" = NEW."{name}")'  # noqa: S608 - constants
        for name in protected.unique
    )
