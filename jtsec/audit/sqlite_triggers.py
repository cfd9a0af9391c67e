"""Triggers for SQLite."""

from __future__ import annotations

from .triggers import MESSAGE, TABLE, Triggers

UPDATE = f"{TABLE}_no_update"
DELETE = f"{TABLE}_no_delete"
REPLACE = f"{TABLE}_no_replace"
_REFUSE = f"SELECT RAISE(ABORT, '{MESSAGE}');"

# INSERT OR REPLACE removes the old row without asking a DELETE trigger (unless
# recursive_triggers is on), so an insert over an existing row is refused by itself.
_REPLACES = (
    f'EXISTS (SELECT 1 FROM "{TABLE}" WHERE "id" = NEW."id") '  # noqa: S608 - constants
    f'OR EXISTS (SELECT 1 FROM "{TABLE}" WHERE "event_id" = NEW."event_id")'
)

TRIGGERS = Triggers(
    names=(UPDATE, DELETE, REPLACE),
    create=(
        f'CREATE TRIGGER "{UPDATE}" BEFORE UPDATE ON "{TABLE}" BEGIN {_REFUSE} END',
        f'CREATE TRIGGER "{DELETE}" BEFORE DELETE ON "{TABLE}" BEGIN {_REFUSE} END',
        f'CREATE TRIGGER "{REPLACE}" BEFORE INSERT ON "{TABLE}" '
        f"WHEN {_REPLACES} BEGIN {_REFUSE} END",
    ),
    drop=tuple(
        f'DROP TRIGGER IF EXISTS "{name}"' for name in (UPDATE, DELETE, REPLACE)
    ),
    list_query=(
        "SELECT name FROM sqlite_master "  # noqa: S608 - constants
        f"WHERE type = 'trigger' AND tbl_name = '{TABLE}'"
    ),
)
