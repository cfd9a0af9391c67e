"""What SQLite tells only in the statement that made a thing."""

from __future__ import annotations

import pytest

from django.db.backends.sqlite3.base import DatabaseWrapper

from jtsec.monitoring.schema import Kind, Schema, compare
from jtsec.monitoring.sqlite_schema import read

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P46")]


def schema(*statements: str) -> Schema:
    """Return the schema of a database in memory of these statements."""
    from django.db import connections

    wrapper = DatabaseWrapper(
        {**connections.configure_settings({})["default"], "NAME": ":memory:"}
    )
    with wrapper.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    try:
        return read(wrapper)
    finally:
        wrapper.connection.close()


def named(schema: Schema, kind: Kind) -> dict[str, str]:
    """Return the things of one kind by name."""
    return {thing.name: text for thing, text in schema.items() if thing.kind is kind}


def test_a_check_is_read_past_quotes_and_comments() -> None:
    """Brackets in a text, a quoted column called check, a comment: none deceives."""
    found = schema(
        'CREATE TABLE t ("check" text, a int /* CHECK (1) */ CHECK (a > 0), '
        "CONSTRAINT \"named\" CHECK (\"check\" <> ')' AND (a) IS NOT 'it''s ('))"
    )
    assert named(found, Kind.CHECK) == {
        "( a > 0 )": "( a > 0 )",
        "named": "( \"check\" < > ')' AND ( a ) IS NOT 'it''s (' )",
    }


def test_white_space_is_no_difference_and_a_condition_is() -> None:
    """As Django's releases differ in how they write the same statement."""
    table = "CREATE TABLE t (a int NOT NULL CHECK (a > 0))"
    index = "CREATE UNIQUE INDEX i ON t (a) WHERE a > {}"
    one = schema(table, index.format(1))
    assert compare(one, schema(table.replace(" (", "\n("), index.format(1))) == []
    (other,) = compare(one, schema(table, index.format(2)))
    assert (other.kind, other.name) == (Kind.INDEX, "i")


def test_keys_are_read() -> None:
    """What a foreign key points to and does, what is unique, what is the key."""
    found = schema(
        "CREATE TABLE a (id bigint PRIMARY KEY, n int, m int, UNIQUE (n, m))",
        "CREATE TABLE b (a_id int REFERENCES a (id) ON DELETE CASCADE)",
    )
    assert named(found, Kind.FOREIGN) == {
        "a_id": "(a_id) REFERENCES a (id) NO ACTION / CASCADE"
    }
    assert named(found, Kind.UNIQUE) == {"n, m": "UNIQUE (n, m)"}
    assert named(found, Kind.COLUMN)["id"] == "bigint NULL PRIMARY KEY 1"
