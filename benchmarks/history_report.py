"""Which rules find which planted thing in a generated year, and what else they say."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine, page, servers
from benchmarks.children import Child
from benchmarks.measuring import Table
from benchmarks.stacks import Stack
from tests.services.sharing import Service, stop


def measure(service: Service, users: int, events: int, days: int) -> list[Table]:
    """Write, seal and look at a year on PostgreSQL."""
    stack = Stack("jtsec", ("defaults", "jtsec"))
    child = Child("benchmarks.history_child", stack, servers.new_database(service))
    try:
        told = child.ask("measure", users, events, days)
    finally:
        child.stop()
    planted = Table(
        "What was planted, and what was found",
        ("planted", "the rule for it", "times", "found by it", "by another rule alone"),
        told["planted"],
        [
            f"{told['written']:,} events of {users} people in {days} days, seed 1",
            "found: the rule fired for that person while it went on, or within an hour",
        ],
    )
    false = Table(
        "What the rules said besides",
        ("rule", "alarms", "of these false", "false a week"),
        told["false"],
        ["false: nothing was planted there, whatever an auditor may think of it"],
    )
    speed = Table(
        "How fast",
        ("step", "seconds", "events/s", "events/s of the process's own time"),
        [
            (
                step,
                f"{clock:.1f}",
                f"{told['written'] / clock:,.0f}",
                f"{told['written'] / processor:,.0f}",
            )
            for step, (clock, processor) in told["steps"].items()
        ],
        ["own time: without the database's, and without waiting for a busy machine"],
    )
    return [planted, false, speed]


def main(arguments: Sequence[str] | None = None) -> None:
    """Generate a year, let the rules look at it, print, and keep if asked."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.history_report", description=__doc__
    )
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--keep", type=Path, help="a page whose figures are replaced")
    chosen = parser.parse_args(arguments)
    service = servers.start()
    try:
        with machine.alone():
            described = machine.description()
            tables = measure(service, chosen.users, chosen.events, chosen.days)
    finally:
        stop(service.pid, service.stop_signal)
    text = page.text_of(described, tables)
    print(text, flush=True)
    if chosen.keep:
        page.keep(chosen.keep, "history", text)


if __name__ == "__main__":
    main()
