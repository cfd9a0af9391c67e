"""How fast a log is verified, and in how much memory."""

from __future__ import annotations

from typing import Any

from benchmarks.children import Child
from benchmarks.measuring import Table, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import JTSEC
from tests.services.sharing import Service

MODULE = "benchmarks.audit_verifying_child"
WAYS: dict[str, tuple[bool, int]] = {
    "seals (--fast), one process": (False, 1),
    "seals (--fast), two processes": (False, 2),
    "everything, one process": (True, 1),
    "everything, two processes": (True, 2),
}


def measure(service: Service, rounds: int, rows: int) -> list[Table]:
    """
    Return the table.

    Args:
        service: the PostgreSQL.
        rounds: how often each way has its turn.
        rows: how many the log has.
    """
    child = Child(MODULE, JTSEC, new_database(service))
    peaks: dict[str, float] = dict.fromkeys(WAYS, 0.0)

    def turn(name: str) -> float:
        taken: dict[str, Any] = child.ask("verify", *WAYS[name])
        # The people of the project have left a few events of their own.
        assert taken["rows"] >= rows
        assert taken["exit"] == 0
        peaks[name] = max(peaks[name], taken["mib"])
        return float(taken["rate"])

    try:
        made = child.ask("make", rows)
        found = interleaved(list(WAYS), rounds, turn)
    finally:
        child.stop()
    base = found[next(iter(WAYS))]
    columns = ("verified", "rows/s", "x one process, seals", "MiB at most, a process")
    table = Table(f"A log of {rows:,} sealed events, PostgreSQL", columns)
    for name, rates in found.items():
        table.rows.append(
            (
                name,
                spread(rates).text(0),
                ratio(rates, base).text(2),
                f"{peaks[name]:.0f}",
            )
        )
    table.notes += [
        f"{made['checkpoints']:,} checkpoints; {made['bytes']} bytes of content a row",
        "two processes share the cores with the server's, one for each of them",
    ]
    return [table]
