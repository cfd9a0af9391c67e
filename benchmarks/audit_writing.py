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
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

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


@dataclass
class Turn:
    """
    What one turn of one way gave.

    Args:
        rows: how many rows of a second.
        slowest: the slowest row, in seconds.
        processor: of writers, server and sealer together, in µs a row.
    """

    rows: float
    slowest: float
    processor: float


class Race:
    """Eight writers, their database, and what is measured of them."""

    def __init__(self, service: Service, database: dict[str, Any]) -> None:
        self.waits: list[float] = []
        self._service = service
        self._database = database
        self.first = Child(MODULE, JTSEC, database, arguments=("--first",))
        self.first.ask("ready")
        others = [Child(MODULE, JTSEC, database) for _one in range(WRITERS - 1)]
        self.writers = [self.first, *others]
        for one in self.writers:
            one.ask("ready")

    def turn(self, name: str, seconds: float) -> Turn:
        """Let all write in one way for a while."""
        # Nothing of a turn without a sealer waits.
        self.first.ask("seal")
        if name != SEALED:
            return self._together(HOW[name], seconds, None)
        before = self.first.ask("newest")
        with sealing(self._database) as loop:
            self._wait_for_the_loop()
            found = self._together(HOW[name], seconds, loop)
            # The loop has time for what was written last.
            time.sleep(PAUSE)
        self.waits.append(self.first.ask("longest_wait", before))
        return found

    def _wait_for_the_loop(self) -> None:
        """Wait until it has sealed something; its start is no part of sealing."""
        self.first.ask("record")
        while self.first.ask("lag"):
            time.sleep(0.2)

    def _together(self, how: str, seconds: float, loop: int | None) -> Turn:
        if how == HOW[PLAIN]:
            for one in self.writers:
                one.tell("finish", seconds)
            for one in self.writers:
                one.answer()
        begin = time.time() + 1.0
        for one in self.writers:
            one.tell("write", how, begin, seconds)
        time.sleep(max(0.0, begin - time.time()))
        before = self._processor(loop)
        answers = [one.answer() for one in self.writers]
        beside = self._processor(loop) - before
        rows = sum(one["rows"] for one in answers)
        own = sum(one["processor"] for one in answers)
        return Turn(
            rows / seconds,
            max(one["slowest"] for one in answers),
            (own + beside) / rows * 1e6,
        )

    def _processor(self, loop: int | None) -> float:
        """Return the processor seconds of the server, and of the sealer."""
        server = psutil.Process(self._service.pid)
        those = [server, *server.children(recursive=True)]
        if loop is not None:
            those.append(psutil.Process(loop))
        taken = 0.0
        for one in those:
            with suppress(psutil.NoSuchProcess):
                taken += sum(one.cpu_times()[:2])
        return taken

    def capacity(self, rows: int) -> dict[str, float]:
        """Seal so many rows that wait."""
        self.first.ask("waiting", rows)
        found: dict[str, float] = self.first.ask("seal")
        return found

    def stop(self) -> None:
        """End all writers."""
        for one in self.writers:
            one.stop()


@contextmanager
def sealing(database: dict[str, Any]) -> Iterator[int]:
    """Have a sealing loop run beside; gives its process."""
    loop = subprocess.Popen(
        [sys.executable, "-m", "django", "jtsec_audit_seal", "--loop"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment(JTSEC, database, "")},
    )
    try:
        yield loop.pid
    finally:
        loop.terminate()
        loop.wait(timeout=60)


def measure(service: Service, rounds: int, seconds: float, rows: int) -> list[Table]:
    """
    Return the tables.

    Args:
        service: the PostgreSQL.
        rounds: how often each way has its turn.
        seconds: how long one turn takes.
        rows: how many rows are sealed to find the sealer's own speed.
    """
    race = Race(service, new_database(service))
    turns: dict[str, list[Turn]] = {name: [] for name in HOW}

    def turn(name: str) -> float:
        turns[name].append(race.turn(name, seconds))
        return turns[name][-1].rows

    try:
        interleaved(list(HOW), rounds, turn)
        race.first.ask("seal")
        faults = race.first.ask("forks")
        capacity = [race.capacity(rows) for _one in range(rounds)]
    finally:
        race.stop()
    return [
        _rates(turns, race.waits, faults, seconds),
        _capacities(capacity, rows),
    ]


def _rates(
    turns: dict[str, list[Turn]],
    waits: list[float],
    faults: list[str],
    seconds: float,
) -> Table:
    table = Table(
        f"{WRITERS} writers, {seconds:g} s a turn, one row a transaction",
        (
            "way",
            "rows/s",
            "x finished row",
            "x row made anew",
            "processor µs a row, all processes",
            "slowest row, ms",
        ),
    )
    rates = {name: [one.rows for one in found] for name, found in turns.items()}
    for name, found in turns.items():
        table.rows.append(
            (
                name,
                spread(rates[name]).text(0),
                ratio(rates[name], rates[PLAIN]).text(2),
                ratio(rates[name], rates[MADE]).text(2),
                spread([one.processor for one in found]).text(0),
                f"{max(one.slowest for one in found) * 1000:,.0f}",
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
        f"Sealing {rows:,} rows that wait",
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
    parser.add_argument("--keep", type=Path, help="a page whose figures are replaced")
    parser.add_argument("--wait", type=float, default=60, help="for a quiet machine")
    chosen = parser.parse_args(arguments)
    service = servers.start()
    try:
        # A run that only shows that it runs waits for nobody.
        with machine.alone() if chosen.wait else nullcontext():
            machine.wait_for_quiet(chosen.wait)
            before = machine.description()
            tables = measure(service, chosen.rounds, chosen.seconds, chosen.rows)
        load = f"load average after: {os.getloadavg()[0]:.2f}"
        text = page.text_of([*before, load], tables)
        print(text)
        if chosen.keep:
            page.keep(chosen.keep, "writing", text)
    finally:
        stop(service.pid, service.stop_signal)


if __name__ == "__main__":
    main()
