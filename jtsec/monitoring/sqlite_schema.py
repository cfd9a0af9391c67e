"""
Reads the schema of SQLite.

SQLite keeps the statement that made a thing. Columns, keys and unique constraints are
read as it understood them; checks it tells nowhere else than in the statement.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from .schema import Kind, Schema, Thing

TOKEN: Final = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)"""
    r"""|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|\w+|\S""",
    re.DOTALL,
)
INDEX_HEAD: Final = re.compile(r"CREATE\s+(UNIQUE\s+)?INDEX\s.*?\sON\s+", re.I | re.S)
NAME_LENGTH: Final = 80
"""Of a check that has no name, and is called by how it begins."""


def read(connection: BaseDatabaseWrapper) -> Schema:
    """Return what the database consists of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master "
            "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        rows = cursor.fetchall()
        found: dict[Thing, str] = {}
        for kind, name, table, sql in rows:
            if kind == "table":
                found[Thing(Kind.TABLE, name, name)] = ""
                found.update(_of_table(cursor, name, sql or ""))
            elif kind == "index":
                found[Thing(Kind.INDEX, table, name)] = _index(sql)
            elif kind == "trigger":
                found[Thing(Kind.TRIGGER, table, name)] = sql
            else:
                found[Thing(Kind.VIEW, "", name)] = sql
    return found


def _of_table(cursor: Any, table: str, sql: str) -> Iterator[tuple[Thing, str]]:
    cursor.execute("SELECT * FROM pragma_table_xinfo(%s)", [table])
    for _number, name, type_, not_null, default, primary, hidden in cursor.fetchall():
        parts = [type_, "NOT NULL" if not_null else "NULL"]
        parts += [f"DEFAULT {default}"] if default is not None else []
        parts += [f"PRIMARY KEY {primary}"] if primary else []
        parts += [f"GENERATED {hidden}"] if hidden else []
        yield Thing(Kind.COLUMN, table, name), " ".join(parts)
    yield from _foreign_keys(cursor, table)
    yield from _unique(cursor, table)
    for name, text in _checks(sql):
        yield Thing(Kind.CHECK, table, name), text


def _foreign_keys(cursor: Any, table: str) -> Iterator[tuple[Thing, str]]:
    cursor.execute("SELECT * FROM pragma_foreign_key_list(%s)", [table])
    keys: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in cursor.fetchall():
        keys[row[0]].append(row)
    for parts in keys.values():
        own = ", ".join(row[3] for row in parts)
        other = ", ".join(str(row[4]) for row in parts)
        target, update, delete = parts[0][2], parts[0][5], parts[0][6]
        text = f"({own}) REFERENCES {target} ({other}) {update} / {delete}"
        yield Thing(Kind.FOREIGN, table, own), text


def _unique(cursor: Any, table: str) -> Iterator[tuple[Thing, str]]:
    cursor.execute("SELECT name FROM pragma_index_list(%s) WHERE origin = 'u'", [table])
    for (index,) in cursor.fetchall():
        cursor.execute("SELECT name FROM pragma_index_info(%s)", [index])
        columns = ", ".join(name for (name,) in cursor.fetchall())
        yield Thing(Kind.UNIQUE, table, columns), f"UNIQUE ({columns})"


def _index(sql: str) -> str:
    """Return what an index is over, without its name."""
    head = INDEX_HEAD.match(sql)
    if head is None:
        return sql
    return f"{'UNIQUE ' if head[1] else ''}{_plain(_tokens(sql[head.end() :]))}"


def _checks(sql: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the condition of every check in a table's statement."""
    tokens = _tokens(sql)
    for start, token in enumerate(tokens):
        if token.upper() != "CHECK" or tokens[start + 1 : start + 2] != ["("]:
            continue
        depth, end = 1, start + 2
        while depth and end < len(tokens):
            depth += {"(": 1, ")": -1}.get(tokens[end], 0)
            end += 1
        text = _plain(tokens[start + 1 : end])
        named = tokens[max(0, start - 2)].upper() == "CONSTRAINT"
        yield (tokens[start - 1].strip('"') if named else text[:NAME_LENGTH]), text


def _tokens(sql: str) -> list[str]:
    return [one[0] for one in TOKEN.finditer(sql) if not one["comment"]]


def _plain(tokens: list[str]) -> str:
    return " ".join(tokens)
