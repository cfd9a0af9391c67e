"""How fast stored values are put under a new key, by one process."""

from __future__ import annotations

from benchmarks.children import Child
from benchmarks.measuring import Table, interleaved, spread
from benchmarks.servers import new_database
from benchmarks.stacks import JTSEC
from tests.services.sharing import Service

MODULE = "benchmarks.key_rotation_child"
WAYS: dict[str, tuple[str, list[str]]] = {
    "a column, new field key": ("Plainly", ["field"]),
    "a searchable column, new field key": ("Searched", ["field"]),
    "a searchable column, new index key": ("Searched", ["index"]),
    "a searchable column, both": ("Searched", ["field", "index"]),
}


def measure(service: Service, rounds: int, rows: int) -> list[Table]:
    """
    Return the table.

    Args:
        service: the PostgreSQL.
        rounds: how often each way has its turn.
        rows: how many values a column has.
    """
    child = Child(MODULE, JTSEC, new_database(service))

    def turn(name: str) -> float:
        taken = child.ask("rotate", *WAYS[name])
        assert taken["left"] == 0
        assert taken["renewed"] == rows
        return float(taken["rate"])

    try:
        child.ask("make", rows)
        # Each of both tables is brought up to date before it has its turn.
        found = interleaved(list(WAYS), rounds, turn)
    finally:
        child.stop()
    title = f"{rows:,} values under a new key, PostgreSQL"
    table = Table(title, ("rotated", "values/s"))
    for name, rates in found.items():
        table.rows.append((name, spread(rates).text(0)))
    table.notes.append("one process; the last look over the table is in the time")
    return [table]
