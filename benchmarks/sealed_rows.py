"""What a seal costs a save, and how fast sealed rows are verified."""

from __future__ import annotations

from benchmarks.children import Child
from benchmarks.measuring import Table, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import JTSEC
from tests.services.sharing import Service

MODULE = "benchmarks.sealed_rows_child"
NAMES = ("plain", "sealed")
WAYS = {"one process": 1, "two processes": 2}


def measure(service: Service, rounds: int, saves: int, rows: int) -> list[Table]:
    """
    Return the tables.

    Args:
        service: the PostgreSQL.
        rounds: how often each has its turn.
        saves: how many saves one turn has.
        rows: how many rows are verified.
    """
    child = Child(MODULE, JTSEC, new_database(service))
    try:
        saving = measure_saves(child, rounds, saves)
        child.ask("fill", rows)
        return [saving, measure_verifying(child, rounds, rows)]
    finally:
        child.stop()


def measure_saves(child: Child, rounds: int, saves: int) -> Table:
    """Return the table of saves."""
    columns = ("row", "act", "µs a save", "x plain", "reads, writes, transaction")
    table = Table("Saving a row, each in a transaction of its own", columns)
    for verb in ("create", "update"):

        def turn(name: str, verb: str = verb) -> float:
            return float(child.ask("save", name, verb, saves))

        taken = interleaved(list(NAMES), rounds, turn)
        for name in NAMES:
            told = child.ask("statements", name, verb)
            table.rows.append(
                (
                    name,
                    verb,
                    spread(taken[name]).text(0),
                    ratio(taken[name], taken["plain"]).text(2),
                    f"{told['reads']}, {told['writes']}, {told['transaction']}",
                )
            )
    return table


def measure_verifying(child: Child, rounds: int, rows: int) -> Table:
    """Return the table of verifications."""

    def turn(name: str) -> float:
        told = child.ask("verified", WAYS[name])
        assert told["rows"] >= rows
        assert told["exit"] == 0
        return float(told["rate"])

    found = interleaved(list(WAYS), rounds, turn)
    table = Table(f"Verifying {rows:,} sealed rows", ("verified by", "rows/s"))
    for name, rates in found.items():
        table.rows.append((name, spread(rates).text(0)))
    table.notes.append("the server has the same processors, one for each process")
    return table
