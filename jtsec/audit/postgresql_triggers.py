"""
Triggers for PostgreSQL.

They fire once a statement, so that one which happens to match no row is refused too,
and ALWAYS, so that a session that calls itself a replica does not pass.
"""

from __future__ import annotations

from .triggers import MESSAGE, TABLE, Triggers

TRIGGER = f"{TABLE}_append_only"
FUNCTION = f"{TABLE}_refuse"

TRIGGERS = Triggers(
    names=(TRIGGER,),
    create=(
        f'CREATE OR REPLACE FUNCTION "{FUNCTION}"() RETURNS trigger '
        "LANGUAGE plpgsql AS $refuse$ BEGIN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; "
        "END $refuse$",
        f'CREATE TRIGGER "{TRIGGER}" BEFORE UPDATE OR DELETE OR TRUNCATE '
        f'ON "{TABLE}" FOR EACH STATEMENT EXECUTE FUNCTION "{FUNCTION}"()',
        f'ALTER TABLE "{TABLE}" ENABLE ALWAYS TRIGGER "{TRIGGER}"',
    ),
    drop=(
        f'DROP TRIGGER IF EXISTS "{TRIGGER}" ON "{TABLE}"',
        f'DROP FUNCTION IF EXISTS "{FUNCTION}"()',
    ),
    list_query=(
        "SELECT tgname FROM pg_trigger "  # noqa: S608 - constants
        f"WHERE tgrelid = to_regclass('\"{TABLE}\"') AND tgenabled = 'A'"
    ),
)
