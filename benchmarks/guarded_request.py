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
    taken = interleaved(
        list(children), rounds, lambda name: children[name].ask("run", path, requests)
    )
    columns = ("project", "µs", "x bare", "µs over bare", "queries", "writes")
    table = Table(title, columns)
    for name, values in taken.items():
        table.rows.append(row_of(name, values, taken[BARE.name], counted[name]))
    return table


def row_of(
    name: str, values: list[float], bare: list[float], counted: dict[str, Any]
) -> tuple[str, ...]:
    """Return one project's row."""
    return (
        name,
        spread(values).text(0),
        ratio(values, bare).text(2),
        difference(values, bare).text(0, "+"),
        str(counted["reads"]),
        f"{counted['writes']} ({counted['transaction']} of transactions)",
    )
