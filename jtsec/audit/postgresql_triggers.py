"""
Triggers for PostgreSQL.

They fire once a statement, so that one which happens to match no row is refused too,
and ALWAYS, so that a session that calls itself a replica does not pass.
"""

from __future__ import annotations

from .triggers import MESSAGE, Protected, Triggers


def triggers_of(protected: Protected) -> Triggers:
    """Return the triggers of a table."""
    table = protected.table
    trigger, function = f"{table}_append_only", f"{table}_refuse"
    return Triggers(
        names=(trigger,),
        create=(
            f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger '
            "LANGUAGE plpgsql AS $refuse$ BEGIN "
            f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; "
            "END $refuse$",
            f'CREATE TRIGGER "{trigger}" BEFORE UPDATE OR DELETE OR TRUNCATE '
            f'ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()',
            f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{trigger}"',
        ),
        drop=(
            f'DROP TRIGGER IF EXISTS "{trigger}" ON "{table}"',
            f'DROP FUNCTION IF EXISTS "{function}"()',
        ),
        list_query=(
            "SELECT tgname FROM pg_trigger "  # noqa: S608 - constants
            f"WHERE tgrelid = to_regclass('\"{table}\"') AND tgenabled = 'A'"
        ),
    )
