"""Which rules find which planted thing in a generated year, and what else they say."""

from __future__ import annotations

from benchmarks import servers
from benchmarks.children import Child
from benchmarks.measuring import Table
from benchmarks.stacks import Stack
from tests.services.sharing import Service


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
        ("rule", "findings", "of these false", "false a week"),
        told["false"],
        ["false: nothing was planted there, whatever an auditor may think of it"],
    )
    speed = Table(
        "How fast",
        ("step", "seconds", "events/s"),
        [
            (step, f"{told[step]:.1f}", f"{told['written'] / told[step]:,.0f}")
            for step in ("writing", "sealing", "watching")
        ],
    )
    return [planted, false, speed]
