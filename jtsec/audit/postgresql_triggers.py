"""
Triggers for PostgreSQL.

They fire once a statement, so that one which happens to match no row is refused too,
and ALWAYS, so that a session that calls itself a replica does not pass. Where archived
rows may go, DELETE is looked at row by row.
"""

from __future__ import annotations

from .triggers import DAYS, MESSAGE, Protected, Triggers

_RAISE = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';"


def triggers_of(protected: Protected) -> Triggers:
    """Return the triggers of a table."""
    table = protected.table
    trigger, function = f"{table}_append_only", f"{table}_refuse"
    delete, release = f"{table}_no_delete", f"{table}_release"
    refused = (
        "UPDATE OR TRUNCATE" if protected.ranges else "UPDATE OR DELETE OR TRUNCATE"
    )
    create: tuple[str, ...] = (
        f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger '
        f"LANGUAGE plpgsql AS $refuse$ BEGIN {_RAISE} END $refuse$",
        f'CREATE TRIGGER "{trigger}" BEFORE {refused} '
        f'ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()',
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{trigger}"',
    )
    if protected.ranges:
        create = (
            *create,
            _release(release, protected),
            f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{release}"()',
            f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{delete}"',
        )
    return Triggers(
        names=(trigger, delete) if protected.ranges else (trigger,),
        create=create,
        drop=(
            f'DROP TRIGGER IF EXISTS "{trigger}" ON "{table}"',
            f'DROP TRIGGER IF EXISTS "{delete}" ON "{table}"',
            f'DROP FUNCTION IF EXISTS "{function}"()',
            f'DROP FUNCTION IF EXISTS "{release}"()',
        ),
        list_query=(
            "SELECT tgname FROM pg_trigger "  # noqa: S608 - constants
            f"WHERE tgrelid = to_regclass('\"{table}\"') AND tgenabled = 'A'"
        ),
    )


def _release(name: str, protected: Protected) -> str:
    """
    Return the function that lets a row go which is old and archived.

    Its search path is pinned with the temporary schema last: otherwise a temporary
    table of the same name, which anybody may make, would be read in place of ours.
    """
    body = (
        f"BEGIN IF OLD.at < now() - interval '{DAYS} days' AND OLD.id <= ("  # noqa: S608 - constants
        f'SELECT last_id FROM "{protected.ranges}" WHERE first_id <= OLD.id '
        "ORDER BY first_id DESC LIMIT 1) THEN RETURN OLD; END IF; "
        f"{_RAISE} END"
    )
    return (
        "DO $install$ BEGIN EXECUTE format("
        f'\'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql '
        f"SET search_path = %I, pg_temp AS %L', current_schema(), $body${body}$body$); "
        "END $install$"
    )
