"""
Eight writers of events while a sealer runs, beside plain INSERTs of the same row.

Each writer is a process of its own; every row is a transaction. The plain table has the
columns and indexes of the audit and no triggers; its rows are finished beforehand. What
a row costs before it is inserted (canonical bytes, encryption, check value) is told
apart, by making it anew for each plain INSERT.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks import machine, page, servers
from benchmarks.children import Child, environment
from benchmarks.measuring import Table, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import JTSEC
from tests.services.sharing import Service, stop

WRITERS = 8
PAUSE = 6.0
"""Seconds that a sealing loop is left alone after the writers have ended."""

MODULE = "benchmarks.audit_writing_child"
PLAIN = "plain INSERT of a finished row"
MADE = "plain INSERT of a row made anew"
RECORD = "jtsec, nobody seals"
SEALED = "jtsec, sealing runs"
HOW = {PLAIN: "plain", MADE: "made", RECORD: "record", SEALED: "record"}


def measure(service: Service, rounds: int, seconds: float, rows: int) -> list[Table]:
    """
    Return the tables.

    Args:
        service: the PostgreSQL.
        rounds: how often each way has its turn.
        seconds: how long one turn takes.
        rows: how many rows are sealed to find the sealer's own speed.
    """
    database = new_database(service)
    first = Child(MODULE, JTSEC, database, arguments=("--first",))
    first.ask("ready")
    writers = [first, *(Child(MODULE, JTSEC, database) for _one in range(WRITERS - 1))]
    try:
        for one in writers:
            one.ask("ready")
        slowest: dict[str, float] = dict.fromkeys(HOW, 0.0)
        waits: list[float] = []

        def turn(name: str) -> float:
            # Nothing of a turn without a sealer waits.
            first.ask("seal")
            if name != SEALED:
                return together(writers, HOW[name], seconds, name, slowest)
            before = first.ask("newest")
            with sealing(database):
                rate = together(writers, HOW[name], seconds, name, slowest)
                # The loop has time for what was written last.
                time.sleep(PAUSE)
            waits.append(first.ask("longest_wait", before))
            return rate

        found = interleaved(list(HOW), rounds, turn)
        first.ask("seal")
        faults = first.ask("forks")
        capacity = [_capacity(first, rows) for _one in range(rounds)]
    finally:
        for one in writers:
            one.stop()
    return [
        _rates(found, slowest, waits, faults, seconds),
        _capacities(capacity, rows),
    ]


def together(
    writers: list[Child],
    how: str,
    seconds: float,
    name: str,
    slowest: dict[str, float],
) -> float:
    """Let all write in the same time, and return the rows of a second."""
    # Time to make the finished rows.
    begin = time.time() + 1.0 + seconds * 0.5
    for one in writers:
        one.tell("write", how, begin, seconds)
    answers = [one.answer() for one in writers]
    slowest[name] = max(slowest[name], *(one["slowest"] for one in answers))
    return float(sum(one["rows"] for one in answers)) / seconds


@contextmanager
def sealing(database: dict[str, Any]) -> Iterator[None]:
    """Have a sealing loop run beside."""
    loop = subprocess.Popen(
        [sys.executable, "-m", "django", "jtsec_audit_seal", "--loop"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment(JTSEC, database, "")},
    )
    try:
        # Its start is no part of sealing.
        time.sleep(3)
        yield
    finally:
        loop.terminate()
        loop.wait(timeout=60)


def _capacity(first: Child, rows: int) -> dict[str, float]:
    first.ask("waiting", rows)
    found: dict[str, float] = first.ask("seal")
    return found


def _rates(
    found: dict[str, list[float]],
    slowest: dict[str, float],
    waits: list[float],
    faults: list[str],
    seconds: float,
) -> Table:
    table = Table(
        f"{WRITERS} writers, {seconds:g} s a turn, one row a transaction",
        ("way", "rows/s", "x plain", "slowest row, ms"),
    )
    for name, rates in found.items():
        table.rows.append(
            (
                name,
                spread(rates).text(0),
                ratio(rates, found[PLAIN]).text(2),
                f"{slowest[name] * 1000:,.0f}",
            )
        )
    table.notes.append(
        f"longest wait of a record for its seal: {spread(waits).text(1)} s, with the "
        "loop at its default of 5 s"
    )
    table.notes.append(f"verification of everything: {len(faults)} findings")
    return table


def _capacities(found: list[dict[str, float]], rows: int) -> Table:
    table = Table(
        f"Sealing {rows:,} rows that wait, nobody else at work",
        ("", "rows/s", "processor µs a row"),
    )
    table.rows.append(
        (
            "one sealer",
            spread([one["rows"] / one["seconds"] for one in found]).text(0),
            spread([one["processor"] / one["rows"] * 1e6 for one in found]).text(1),
        )
    )
    return table


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.audit_writing", description=__doc__
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0, help="of one turn")
    parser.add_argument("--rows", type=int, default=100_000, help="sealed at once")
    parser.add_argument("--wait", type=float, default=60, help="for a quiet machine")
    chosen = parser.parse_args(arguments)
    service = servers.start()
    try:
        with machine.alone():
            machine.wait_for_quiet(chosen.wait)
            before = machine.description()
            tables = measure(service, chosen.rounds, chosen.seconds, chosen.rows)
        load = f"load average after: {os.getloadavg()[0]:.2f}"
        print(page.text_of([*before, load], tables))
    finally:
        stop(service.pid, service.stop_signal)


if __name__ == "__main__":
    main()
