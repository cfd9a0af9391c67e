"""What it costs to see one's own rows among a million, and by which index."""

from __future__ import annotations

from typing import Any

from benchmarks.children import Child
from benchmarks.measuring import Table, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import JTSEC
from tests import databases
from tests.services.sharing import Service

MODULE = "benchmarks.scoped_rows_child"
QUESTIONS = ("first page", "count", "one row")
PEOPLE = ("station", "district", "city", "province")
WAYS = {
    "hand": "the same condition by hand",
    "code": "by the beginning of the code, joined",
    "jtsec": "visible_to",
}


def measure(service: Service, rounds: int, rows: int) -> list[Table]:
    """
    Return the tables and the plans, of PostgreSQL and of SQLite.

    Args:
        service: the PostgreSQL.
        rounds: how often each question has its turn.
        rows: how many the table has.
    """
    path = str(databases.run_directory() / "scoped.sqlite3")
    sqlite = {"ENGINE": databases.ENGINES["sqlite"], "NAME": path}
    return [
        *_measured("PostgreSQL", new_database(service), rounds, rows),
        *_measured("SQLite", sqlite, rounds, rows),
    ]


def _measured(
    name: str, database: dict[str, Any], rounds: int, rows: int
) -> list[Table]:
    child = Child(MODULE, JTSEC, database)
    try:
        made = child.ask("make", rows)
        tables = [_table(child, name, question, rounds, made) for question in QUESTIONS]
        plans = [_plan(child, name, person, rows) for person in ("district", "city")]
    finally:
        child.stop()
    return [*tables, *plans]


def _table(
    child: Child, name: str, question: str, rounds: int, made: dict[str, Any]
) -> Table:
    columns = ("seen by the", *(f"{words}, ms" for words in WAYS.values()), "x by hand")
    table = Table(f"{question} of {made['rows']:,} rows, {name}", columns)
    for person in PEOPLE:

        def turn(way: str, person: str = person) -> float:
            return float(child.ask("ask", way, person, question))

        turn("jtsec")
        found = interleaved(list(WAYS), rounds, turn)
        times = [spread(found[way]).text(2) for way in WAYS]
        compared = ratio(found["jtsec"], found["hand"]).text(2)
        table.rows.append((f"{person} ({made[person]})", *times, compared))
    return table


def _plan(child: Child, name: str, person: str, rows: int) -> Table:
    table = Table(
        f"Plan of a {person}'s first page of {rows:,} rows, {name}", ("step",)
    )
    for line in child.ask("plan", person):
        table.rows.append((f"`{line.replace('|', '/')}`",))
    return table
