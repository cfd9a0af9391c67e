"""What the guard costs a request: all controls on, PostgreSQL, sessions in it."""

from __future__ import annotations

from typing import Any

from benchmarks.children import Child
from benchmarks.measuring import Table, difference, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import (
    BARE,
    BARE_AGAIN,
    DEFAULTS,
    JTSEC,
    JTSEC_AND_DEFAULTS,
    PEERS,
    installed,
)
from tests.services.sharing import Service

STACKS = (BARE, BARE_AGAIN, DEFAULTS, PEERS, JTSEC, JTSEC_AND_DEFAULTS)
PAGES = {
    "/signed-in/": "A page that reads who is logged in, and nothing else",
    "/list/": "A page that also lists twenty rows",
    "/public/": "A page that touches nothing",
}
MODULE = "benchmarks.guarded_request_child"
COLUMNS = (
    "project",
    "µs",
    "x bare",
    "µs over bare",
    "processor µs over bare",
    "queries",
    "writes",
)


def measure(service: Service, rounds: int, requests: int) -> list[Table]:
    """
    Return one table a page.

    Args:
        service: the PostgreSQL.
        rounds: how often each project has its turn.
        requests: how many requests one turn has.
    """
    stacks, absent = installed(STACKS)
    children = {one.name: Child(MODULE, one, new_database(service)) for one in stacks}
    try:
        tables = [
            measure_page(children, path, title, rounds, requests)
            for path, title in PAGES.items()
        ]
    finally:
        for one in children.values():
            one.stop()
    tables[0].notes += absent
    return tables


def measure_page(
    children: dict[str, Child], path: str, title: str, rounds: int, requests: int
) -> Table:
    """Return the table of one page."""
    counted = {name: one.ask("count", path) for name, one in children.items()}
    for one in children.values():
        one.ask("run", path, requests)
    processors: dict[str, list[float]] = {name: [] for name in children}

    def turn(name: str) -> float:
        wall, processor = children[name].ask("run", path, requests)
        processors[name].append(processor)
        return float(wall)

    walls = interleaved(list(children), rounds, turn)
    table = Table(title, COLUMNS)
    for name in children:
        table.rows.append(row_of(name, walls, processors, counted[name]))
    return table


def row_of(
    name: str,
    walls: dict[str, list[float]],
    processors: dict[str, list[float]],
    counted: dict[str, Any],
) -> tuple[str, ...]:
    """Return one project's row."""
    bare = BARE.name
    return (
        name,
        spread(walls[name]).text(0),
        ratio(walls[name], walls[bare]).text(2),
        difference(walls[name], walls[bare]).text(0, "+"),
        difference(processors[name], processors[bare]).text(0, "+"),
        str(counted["reads"]),
        f"{counted['writes']} ({counted['transaction']} of transactions)",
    )
