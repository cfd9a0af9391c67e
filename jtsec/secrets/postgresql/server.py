"""Accounts of PostgreSQL: what one may do to itself and see of itself."""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from jtsec.secrets.accounts import Account
from jtsec.secrets.server import Server

RIGHTS: Final = r"""
SELECT format('%s on %s.%s', p, n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_'
   AND n.nspname <> 'information_schema' AND has_table_privilege(c.oid, p)
UNION ALL
SELECT format('USAGE on %s.%s', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'USAGE') END
UNION ALL
SELECT format('owner of %s.%s', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(c.relowner, 'USAGE')
UNION ALL
SELECT format('%s on schema %s', p, n.nspname)
  FROM pg_namespace n, unnest(ARRAY['USAGE', 'CREATE']) p
 WHERE n.nspname !~ '^pg_' AND has_schema_privilege(n.oid, p)
"""
SESSIONS: Final = """
SELECT pid, coalesce(host(client_addr), 'local'), coalesce(state, 'unknown')
  FROM pg_stat_activity
 WHERE usename = %s AND pid <> pg_backend_pid() AND backend_type = 'client backend'
   AND (state IS DISTINCT FROM 'idle' OR greatest(backend_start, state_change)
        > clock_timestamp() - make_interval(secs => %s))
"""


class PostgresServer(Server):
    """Speaks to PostgreSQL."""

    def set_own_password(
        self, connection: BaseDatabaseWrapper, account: Account
    ) -> None:
        """Send what the server keeps of it: its log may show the statement."""
        kept = _verifier(connection.connection, account)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")  # the account may work as its tables' owner
            # Of letters, digits and signs; this takes no parameters on the wire.
            cursor.execute(f"ALTER ROLE SESSION_USER PASSWORD '{kept}'")

    def is_alone(self, connection: BaseDatabaseWrapper, name: str) -> bool:
        """Take an advisory lock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
            return bool(cursor.fetchone()[0])

    def rights(self, connection: BaseDatabaseWrapper) -> frozenset[str]:
        """Ask for tables, sequences and schemas, as whoever the account works as."""
        with connection.cursor() as cursor:
            cursor.execute(RIGHTS)
            return frozenset(row[0] for row in cursor.fetchall())

    def sessions_in_use(
        self, connection: BaseDatabaseWrapper, user: str, seconds: float
    ) -> list[str]:
        """Ask for the account's own sessions, which it sees without further rights."""
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute(SESSIONS, [user, seconds])
            return [f"{pid} {place} {state}" for pid, place, state in cursor.fetchall()]


def _verifier(connection: Any, account: Account) -> str:
    if is_psycopg3:
        sealed: bytes = connection.pgconn.encrypt_password(
            account.password.encode(), account.user.encode()
        )
        return sealed.decode("ascii")
    from psycopg2 import extensions  # noqa: PLC0415 - only where it is the driver

    return str(
        extensions.encrypt_password(account.password, account.user, scope=connection)
    )


SERVER: Final = PostgresServer()
