"""
A database that is made, filled by the migrations, looked at and dropped.

The migrations are the project's code and may write wherever they like, so nothing but
the empty database may be within their reach: in this thread it stands in the place of
the compared one, under the same alias, and every other alias refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from secrets import token_hex
from typing import Any, Final, NoReturn

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from jtsec.core.exceptions import CannotVerify

PREFIX: Final = "jtsec_schema_"
WHICH_DATABASE: Final = {
    "sqlite": "SELECT file FROM pragma_database_list WHERE name = 'main'",
    "postgresql": "SELECT current_database()",
    "mysql": "SELECT DATABASE()",
}


@contextmanager
def in_place_of(live: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    """
    Put an empty database in the place of a live one, for this thread and this block.

    Args:
        live: the connection, one of `connections`; nothing is written to its database.

    Yields:
        The connection to the empty database.

    Raises:
        CannotVerify: there is no such database to be had; the message says why.
    """
    own = live.copy()
    own.settings_dict["AUTOCOMMIT"] = True
    # A pool is found by the alias: it would hand out connections to the live database.
    own.settings_dict["OPTIONS"].pop("pool", None)
    with ExitStack() as stack:
        stack.enter_context(_database(live, own))
        # As the base does: SQLite's own `close` spares a database in memory.
        stack.callback(BaseDatabaseWrapper.close, own)
        try:
            _require_empty(own)
            _share_names(live, own)
        # A proxy in between may lead to the databases it was told of, and no others.
        except DatabaseError as error:
            said = str(error).strip()
            raise CannotVerify(f"the scratch database is unusable: {said}") from error
        for alias in set(connections) - {live.alias}:
            stack.enter_context(connections[alias].execute_wrapper(_refuse))
        stack.callback(connections.__setitem__, live.alias, live)
        connections[live.alias] = own
        yield own


@contextmanager
def _database(live: BaseDatabaseWrapper, own: BaseDatabaseWrapper) -> Iterator[None]:
    """Make the database and lead the connection to it; drop it in the end."""
    if live.vendor == "sqlite":
        own.settings_dict["NAME"] = ":memory:"
        yield
        return
    # A name of chance: what is dropped in the end is never what was there before.
    own.settings_dict["NAME"] = f"{PREFIX}{token_hex(8)}"
    name = own.ops.quote_name(own.settings_dict["NAME"])
    try:
        _on_the_server(live, f"CREATE DATABASE {name} {_options(live)}")
    except DatabaseError as error:
        said = str(error).strip()
        raise CannotVerify(f"no scratch database can be made: {said}") from error
    try:
        yield
    finally:
        _on_the_server(live, f"DROP DATABASE {name}")


def _on_the_server(live: BaseDatabaseWrapper, statement: str) -> None:
    with live._nodb_cursor() as cursor:
        cursor.execute(statement)


def _options(live: BaseDatabaseWrapper) -> str:
    if live.vendor == "postgresql":
        # The other template belongs to the administrator: what was put there would
        # be found in both databases, and be no difference.
        return "TEMPLATE template0"
    with live.cursor() as cursor:
        cursor.execute("SELECT @@character_set_database, @@collation_database")
        characters, collation = cursor.fetchone()
    return f"CHARACTER SET {characters} COLLATE {collation}"


def _require_empty(own: BaseDatabaseWrapper) -> None:
    """Refuse to go on where the driver's options lead to another database."""
    wanted = own.settings_dict["NAME"]
    with own.cursor() as cursor:
        cursor.execute(WHICH_DATABASE[own.vendor])
        (found,) = cursor.fetchone()
    if (found or ":memory:") != wanted or own.introspection.table_names():
        raise CannotVerify(f"asked for the database {wanted}, connected to {found}")


def _share_names(live: BaseDatabaseWrapper, own: BaseDatabaseWrapper) -> None:
    """Let PostgreSQL look for names in the same schemas as in the live database."""
    if live.vendor != "postgresql":
        return
    with live.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), current_schema()")
        path, schema = cursor.fetchone()
    with own.cursor() as cursor:
        if schema:
            quoted = own.ops.quote_name(schema)
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted}")
        cursor.execute("SELECT set_config('search_path', %s, false)", [path])


def _refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> NoReturn:
    alias = context["connection"].alias
    raise CannotVerify(f"a migration reaches for another database, {alias}")
