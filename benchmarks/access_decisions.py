"""What it costs to ask who may do what, beside what a project would pick instead."""

from __future__ import annotations

from benchmarks.children import Child
from benchmarks.measuring import Table, interleaved, ratio, spread
from benchmarks.servers import new_database
from benchmarks.stacks import BARE, GUARDIAN, JTSEC, RULES, installed
from tests.services.sharing import Service

MODULE = "benchmarks.access_decisions_child"
STACKS = (BARE, GUARDIAN, RULES, JTSEC)
CHECKS = 50
QUESTIONS = {
    "rights": f"A page with {CHECKS} checks of a right, for a user just loaded",
    "rows": f"A list with {CHECKS} checks of a right on a row, for a user just loaded",
}
COMPARED = {"rights": BARE.name, "rows": RULES.name}
NOTES = (
    "Queries: of each page, and in brackets of the first page of a process. jtsec asks "
    "for the policy's token at most once a second, which is one query more.",
    "Bare Django says no to every question about a row without looking at it, so rows "
    "are compared with rules.",
)


def measure(service: Service, rounds: int, pages: int) -> list[Table]:
    """
    Return a table a question.

    Args:
        service: the PostgreSQL.
        rounds: how often each project has its turn.
        pages: how many pages one turn has.
    """
    stacks, absent = installed(STACKS)
    children = {one.name: Child(MODULE, one, new_database(service)) for one in stacks}
    try:
        for one in children.values():
            one.ask("make")
        tables = [_table(children, question, rounds, pages) for question in QUESTIONS]
    finally:
        for one in children.values():
            one.stop()
    tables[0].notes += [NOTES[0], *absent]
    tables[1].notes.append(NOTES[1])
    return tables


def _table(children: dict[str, Child], question: str, rounds: int, pages: int) -> Table:
    first = {name: one.ask("count", question) for name, one in children.items()}
    later = {name: one.ask("count", question) for name, one in children.items()}

    def turn(name: str) -> float:
        return float(children[name].ask("run", question, pages))

    found = interleaved(list(children), rounds, turn)
    base = COMPARED[question] if COMPARED[question] in found else BARE.name
    columns = ("project", "µs a page", "µs a check", f"x {base}", "queries")
    table = Table(QUESTIONS[question], columns)
    for name, times in found.items():
        table.rows.append(
            (
                name,
                spread(times).text(0),
                spread([one / CHECKS for one in times]).text(1),
                ratio(times, found[base]).text(2),
                f"{later[name]} ({first[name]})",
            )
        )
    return table
