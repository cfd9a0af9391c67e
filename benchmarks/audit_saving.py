"""What it costs to save a row whose changes are audited, beside what others take."""

from __future__ import annotations

from benchmarks.children import Child
from benchmarks.measuring import Table, difference, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import BARE, BARE_AGAIN, JTSEC, Stack, installed
from tests.services.sharing import Service

MODULE = "benchmarks.audit_saving_child"
AUDITLOG = Stack("django-auditlog", ("auditlog",), (("auditlog", "django-auditlog"),))
HISTORY = Stack(
    "django-simple-history",
    ("history",),
    (("simple_history", "django-simple-history"),),
)
EASY = Stack("django-easy-audit", ("easyaudit",), (("easyaudit", "django-easy-audit"),))
READS_FIRST = Stack("jtsec as before PostgreSQL 18", ("jtsec", "reads-first"))
STACKS = (BARE, BARE_AGAIN, AUDITLOG, HISTORY, EASY, JTSEC, READS_FIRST)
PEERS = (AUDITLOG.name, HISTORY.name, EASY.name)
CASES = (
    ("create", False, "Creating a row, each in a transaction of its own"),
    ("update", False, "Changing a row, each in a transaction of its own"),
    ("create", True, "Creating a row, a hundred in one transaction"),
    ("update", True, "Changing a row, a hundred in one transaction"),
)
COLUMNS = (
    "project",
    "µs a save",
    "µs added",
    "x the least added of the others",
    "processors' µs added",
    "x the least",
    "reads, writes, transaction",
)


def measure(service: Service, rounds: int, saves: int) -> list[Table]:
    """
    Return one table a case.

    Args:
        service: the PostgreSQL.
        rounds: how often each project has its turn.
        saves: how many saves one turn has.
    """
    stacks, absent = installed(STACKS)
    children = {one.name: Child(MODULE, one, new_database(service)) for one in stacks}
    try:
        tables = [
            measure_case(children, verb, in_one, title, rounds, saves)
            for verb, in_one, title in CASES
        ]
    finally:
        for one in children.values():
            one.stop()
    tables[0].notes += absent
    tables[0].notes.append("Processors: of the client and of its server together.")
    return tables


def measure_case(
    children: dict[str, Child],
    verb: str,
    in_one: bool,
    title: str,
    rounds: int,
    saves: int,
) -> Table:
    """Return the table of one case."""
    sent = {name: one.ask("statements", verb) for name, one in children.items()}
    processors: dict[str, list[float]] = {name: [] for name in children}
    for one in children.values():
        one.ask("run", verb, saves, in_one)

    def turn(name: str) -> float:
        wall, processor = children[name].ask("run", verb, saves, in_one)
        processors[name].append(processor)
        return float(wall)

    walls = interleaved(list(children), rounds, turn)
    table = Table(title, COLUMNS)
    for name in children:
        counts = sent[name]
        table.rows.append(
            (
                name,
                spread(walls[name]).text(0),
                difference(walls[name], walls[BARE.name]).text(0, "+"),
                against_peers(name, walls),
                difference(processors[name], processors[BARE.name]).text(0, "+"),
                against_peers(name, processors),
                f"{counts['reads']}, {counts['writes']}, {counts['transaction']}",
            )
        )
    return table


def against_peers(name: str, taken: dict[str, list[float]]) -> str:
    """Return the ratio to the least time that another package adds, round by round."""
    peers = [peer for peer in PEERS if peer in taken]
    if name not in (JTSEC.name, READS_FIRST.name) or not peers:
        return ""
    least = [
        min(taken[peer][number] - base for peer in peers)
        for number, base in enumerate(taken[BARE.name])
    ]
    own = [one - base for one, base in zip(taken[name], taken[BARE.name], strict=True)]
    return ratio(own, least).text(2)
