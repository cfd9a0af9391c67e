"""What a good login costs, beside bare Django with the same Argon2 parameters."""

from __future__ import annotations

from typing import Any

from benchmarks.children import Child
from benchmarks.measuring import Table, difference, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import BARE, BARE_AGAIN, JTSEC, WITH_AXES, Stack, installed
from tests.services.sharing import Service

STACKS = (BARE, BARE_AGAIN, WITH_AXES, JTSEC)
MODULE = "benchmarks.login_child"
PRICES = {
    "A good login, Argon2id with 19 MiB and 2 passes in every project": (
        "benchmarks.hashers.SameArgon2",
        "",
    ),
    "The rest of it: Argon2id at next to no price in every project": (
        "benchmarks.hashers.CheapArgon2",
        "benchmarks.cheap_jtsec.CheapJtsec",
    ),
}
COLUMNS = (
    "project",
    "ms",
    "x bare",
    "ms over bare",
    "processor ms over bare",
    "queries (read + write)",
    "statements of transactions",
)


def measure(service: Service, rounds: int, logins: int) -> list[Table]:
    """
    Return one table a price of the hash.

    Args:
        service: the PostgreSQL.
        rounds: how often each project has its turn.
        logins: how many logins one turn has.
    """
    stacks, absent = installed(STACKS)
    tables = []
    for title, (theirs, ours) in PRICES.items():
        hashers = {one.name: ours if one is JTSEC else theirs for one in stacks}
        tables.append(measure_at(title, service, stacks, hashers, rounds, logins))
    tables[0].notes += absent
    return tables


def measure_at(
    title: str,
    service: Service,
    stacks: list[Stack],
    hashers: dict[str, str],
    rounds: int,
    logins: int,
) -> Table:
    """Return the table of one price."""
    children = {
        one.name: Child(MODULE, one, new_database(service), hashers[one.name])
        for one in stacks
    }
    processors: dict[str, list[float]] = {name: [] for name in children}

    def turn(name: str) -> float:
        wall, processor = children[name].ask("run", logins)
        processors[name].append(processor)
        return float(wall)

    try:
        counted = {name: one.ask("count") for name, one in children.items()}
        walls = interleaved(list(children), rounds, turn)
    finally:
        for one in children.values():
            one.stop()
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
        spread(walls[name]).text(1),
        ratio(walls[name], walls[bare]).text(2),
        difference(walls[name], walls[bare]).text(1, "+"),
        difference(processors[name], processors[bare]).text(1, "+"),
        f"{counted['reads'] + counted['writes']} "
        f"({counted['reads']} + {counted['writes']})",
        str(counted["transaction"]),
    )
