"""manage.py jtsec_schema_check: compare the database with the migrations."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext as _

from jtsec.audit.api import AuditUnavailable
from jtsec.core.exceptions import CannotVerify
from jtsec.monitoring.api import Difference, Exit, Report, check_schema, record_report

SHOWN = 160
"""Characters of a definition that are printed, from where two begin to differ."""
BEFORE = 24
"""Characters shown before that place."""


class Command(BaseCommand):
    """Compares: exit 0 the same, 1 it differs, 2 cannot compare, 3 it failed."""

    help = (
        "Hold the tables, columns, indexes, constraints, triggers, routines and views "
        "of the database against what the project's migrations make of an empty one, "
        "which is made beside it and dropped again, and name every difference. The "
        "database itself is only read. "
        "Exit codes: 0 the same, 1 it differs, 2 cannot compare, 3 the command failed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what is compared and how it is said."""
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, help="Alias of the database."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, say what was found, have the audit know, end with the exit code."""
        try:
            report = self.compare(options["database"])
            if options["json"]:
                self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
            else:
                self.say(report)
            self.record(report)
        except CannotVerify as error:
            if options["json"]:
                said = {"verdict": "unknown", "error": str(error)}
                self.stdout.write(json.dumps(said, ensure_ascii=False))
            text = _("Cannot compare: %(error)s") % {"error": error}
            raise CommandError(text, returncode=Exit.UNKNOWN) from error
        except CommandError:
            raise
        # Python ends with 1 whatever went wrong, which here would accuse somebody.
        except Exception as error:
            values = {"error": f"{type(error).__name__}: {error}"}
            text = _("The comparison failed: %(error)s") % values
            raise CommandError(text, returncode=Exit.FAILED) from error
        if report.exit_code is not Exit.SAME:
            raise SystemExit(int(report.exit_code))

    def compare(self, alias: str) -> Report:
        """Compare; what a migration prints is no part of the result."""
        if alias not in connections:
            message = _("There is no database %(alias)s.") % {"alias": alias}
            raise CommandError(message, returncode=Exit.FAILED)
        with redirect_stdout(StringIO()):
            return check_schema(alias)

    def say(self, report: Report) -> None:
        """Print the differences, then one line over all."""
        for one in report.differences:
            self.stdout.write(f"{one.change} {one.kind}: {one.place}")
            for label, text in zip(
                (_("expected"), _("found")), _excerpts(one), strict=True
            ):
                if text:
                    self.stdout.write(f"    {label}: {text}")
        if report.unknown:
            names = ", ".join(report.unknown)
            text = _("Tables that no migration makes, not compared: %(names)s")
            self.stdout.write(text % {"names": names})
        if report.partial:
            text = _("Only tables and columns were looked for: %(error)s")
            self.stdout.write(text % {"error": report.partial})
        words = {
            Exit.SAME: _("The database is what the migrations make"),
            Exit.DIFFERENT: _("The database is NOT what the migrations make"),
            Exit.UNKNOWN: _("The database could not be compared in full"),
        }
        text = _(
            "%(verdict)s: %(count)d differences in %(things)d things; %(time).1f s."
        )
        self.stdout.write(
            text
            % {
                "verdict": words[report.exit_code],
                "count": len(report.differences),
                "things": report.things,
                "time": report.seconds,
            }
        )

    def record(self, report: Report) -> None:
        """Record it; that it cannot be recorded changes nothing of what was found."""
        try:
            record_report(report)
        except AuditUnavailable as error:
            self.stderr.write(_("Not recorded: %(error)s") % {"error": error})


def _excerpts(one: Difference) -> tuple[str, str]:
    """Return both definitions on one line each, around where they begin to differ."""
    expected, found = " ".join(one.expected.split()), " ".join(one.found.split())
    same = 0
    if expected and found:
        pairs = enumerate(zip(expected, found, strict=False))
        shorter = min(len(expected), len(found))
        same = next((at for at, (a, b) in pairs if a != b), shorter)
    start = max(0, same - BEFORE) if same > BEFORE else 0
    return _excerpt(expected, start), _excerpt(found, start)


def _excerpt(text: str, start: int) -> str:
    end = start + SHOWN
    return f"{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}"
