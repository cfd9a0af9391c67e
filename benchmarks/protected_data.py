"""What it costs to find a value by its blind index, and to keep a file sealed."""

from __future__ import annotations

from typing import Any

from benchmarks.children import Child
from benchmarks.measuring import Table, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import JTSEC
from tests import databases
from tests.services.sharing import Service

MODULE = "benchmarks.protected_data_child"
QUESTIONS = {"hit": "one of them", "miss": "none of them", "in": "twenty of them"}


def measure(service: Service, rounds: int, rows: int, megabytes: int) -> list[Table]:
    """
    Return the tables: of equality, on PostgreSQL and on SQLite, and of files.

    Args:
        service: the PostgreSQL.
        rounds: how often each has its turn.
        rows: how many each table has.
        megabytes: the size of the file.
    """
    path = str(databases.run_directory() / "protected.sqlite3")
    sqlite = {"ENGINE": databases.ENGINES["sqlite"], "NAME": path}
    return [
        _searched("PostgreSQL", new_database(service), rounds, rows),
        *_kept("SQLite", sqlite, rounds, rows, megabytes),
    ]


def _searched(name: str, database: dict[str, Any], rounds: int, rows: int) -> Table:
    child = Child(MODULE, JTSEC, database)
    try:
        return _equality(child, name, rounds, rows)
    finally:
        child.stop()


def _kept(
    name: str, database: dict[str, Any], rounds: int, rows: int, megabytes: int
) -> list[Table]:
    child = Child(MODULE, JTSEC, database)
    try:
        files = _files(child, rounds, megabytes)
        return [_equality(child, name, rounds, rows), files]
    finally:
        child.stop()


def _equality(child: Child, database: str, rounds: int, rows: int) -> Table:
    names = child.ask("make", rows)
    columns = [
        one for words in QUESTIONS.values() for one in (f"{words}, µs", "x plain")
    ]
    found = {name: [name] for name in names}
    for question in QUESTIONS:

        def turn(name: str, question: str = question) -> float:
            return float(child.ask("search", name, question))

        for name in names:
            turn(name)
        taken = interleaved(names, rounds, turn)
        for name in names:
            found[name] += [
                spread(taken[name]).text(0),
                ratio(taken[name], taken[names[0]]).text(2),
            ]
    title = f"Equality among {rows:,} rows, {database}"
    return Table(title, ["found by", *columns], list(found.values()))


def _files(child: Child, rounds: int, megabytes: int) -> Table:
    names = child.ask("ways")
    found = {name: [name] for name in names}
    for verb in ("write", "read"):

        def turn(name: str, verb: str = verb) -> float:
            return float(child.ask(verb, name, megabytes))

        taken = interleaved(names, rounds, turn)
        for name in names:
            found[name] += [
                spread(taken[name]).text(0),
                ratio(taken[name], taken[names[0]]).text(2),
            ]
    columns = ("a file", "written, MB/s", "x bare", "read, MB/s", "x bare")
    return Table(f"A file of {megabytes} MB", columns, list(found.values()))
