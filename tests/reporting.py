"""What a run tells at its end: the clauses it demonstrated, the parts left out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

CLAUSE = "clause"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the clauses with their tests and outcomes."""
    parser.getgroup("jtsec").addoption(
        "--clauses-json",
        type=Path,
        metavar="FILE",
        help="write {clause: {test: outcome}} of this run",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Collect outcomes where they all arrive: in the process with the terminal."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(RunReport(config), "jtsec-run-report")


def pytest_itemcollected(item: pytest.Item) -> None:
    """
    Mark what uses the database, so that it can be run on each of them.

    The clauses of a test travel with its reports, out of a worker as well.
    """
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(
        getattr(item, "fixturenames", ())
    ):
        item.add_marker("database")
    for mark in item.iter_markers(CLAUSE):
        item.user_properties.extend((CLAUSE, clause) for clause in mark.args)


class RunReport:
    """Gathers the outcomes of a run and tells them at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.target: Path | None = config.getoption("clauses_json")
        self.clauses: dict[str, dict[str, str]] = {}
        self.left_out: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome of a test, and of a failure around it."""
        if report.when != "call" and report.passed:
            return
        if report.skipped and isinstance(report.longrepr, tuple):
            self.left_out[report.longrepr[2].removeprefix("Skipped: ")] += 1
        for name, clause in report.user_properties:
            if name == CLAUSE:
                outcomes = self.clauses.setdefault(str(clause), {})
                if outcomes.get(report.nodeid) != "failed":
                    outcomes[report.nodeid] = report.outcome

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        """Name the parts of the suite that did not run, and why."""
        if self.left_out:
            terminalreporter.section("left out on this machine")
        for reason, number in sorted(self.left_out.items()):
            terminalreporter.line(f"skipped: {reason} ({number} tests)")
        if self.target is not None:
            ordered = {clause: self.clauses[clause] for clause in sorted(self.clauses)}
            self.target.write_text(json.dumps(ordered, indent=2) + "\n")
