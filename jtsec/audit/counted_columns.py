"""
The index of the times, with the columns that statistics count by (clause A5.10).

A row is about a kilobyte, what is counted of it a hundred bytes. With these beside the
time in the index, PostgreSQL counts a month without reading its rows; otherwise a month
that nobody read for long costs as many seconds as it has hundreds of megabytes. Django
has words for such an index, and warns wherever a database has none; so it is made here.
"""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE: Final = "jtsec_auditrecord"
INDEX: Final = "jtsec_audit_at"
COUNTED: Final = (
    "code",
    "outcome",
    "severity",
    "actor_uid",
    "actor_username",
    "actor_organisation",
    "actor_duty",
    "source_address",
)

# Only rows that a vacuum has seen are counted from an index. By itself it comes after
# a fifth of the table was added: after months, when there are ten million rows.
VACUUM: Final = (
    "autovacuum_vacuum_insert_scale_factor = 0",
    "autovacuum_vacuum_insert_threshold = 50000",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the columns into the index, and have the table vacuumed as it grows."""
    if connection.vendor == "postgresql":
        names = ", ".join(f'"{name}"' for name in COUNTED)
        _run(connection, f"INCLUDE ({names})", f"SET ({', '.join(VACUUM)})")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take them out again."""
    if connection.vendor == "postgresql":
        parameters = (one.partition(" ")[0] for one in VACUUM)
        _run(connection, "", f"RESET ({', '.join(parameters)})")


def _run(connection: BaseDatabaseWrapper, included: str, parameters: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX IF EXISTS "{INDEX}"')
        cursor.execute(f'CREATE INDEX "{INDEX}" ON "{TABLE}" ("at", "id") {included}')
        cursor.execute(f'ALTER TABLE "{TABLE}" {parameters}')
