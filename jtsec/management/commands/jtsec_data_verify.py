"""manage.py jtsec_data_verify: prove that sealed rows are what was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils.translation import gettext as _

from jtsec.audit.api import AuditUnavailable
from jtsec.core.clock import elapsed
from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.protection.api import (
    Exit,
    Report,
    Verified,
    record_report,
    sealed_models,
    verify,
)

SECONDS = 0.5
"""Between two lines that tell how far it has got."""


class Command(BaseCommand):
    """Verifies: exit 0 sound, 1 broken, 2 cannot verify, 3 it failed."""

    help = (
        "Verify every row of the sealed models against its seal, and every table "
        "against its root, which tells rows that were added, removed or put back. "
        "Exit codes: 0 sound, 1 broken, 2 cannot verify, 3 the command failed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what is verified and how it is said."""
        parser.add_argument(
            "models", nargs="*", metavar="app.Model", help="Only these; all if none."
        )
        parser.add_argument("--database", default="", help="Alias of the database.")
        parser.add_argument(
            "--processes", type=int, default=1, help="How many share the work."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, say what was found, have the audit know, end with the exit code."""
        try:
            report = self.verify(options)
            if options["json"]:
                said = json.dumps(report.as_dict(), ensure_ascii=False)
                self.stdout.write(said)
            else:
                self.say(report)
            self.record(report)
        except (CannotVerify, ConfigurationError) as error:
            if options["json"]:
                unknown = {"verdict": "unknown", "error": str(error)}
                self.stdout.write(json.dumps(unknown, ensure_ascii=False))
            text = _("Cannot verify: %(error)s") % {"error": error}
            raise CommandError(text, returncode=Exit.UNKNOWN) from error
        except CommandError:
            raise
        # Python ends with 1 whatever went wrong, which here would accuse somebody.
        except Exception as error:
            values = {"error": f"{type(error).__name__}: {error}"}
            text = _("The verification failed: %(error)s") % values
            raise CommandError(text, returncode=Exit.FAILED) from error
        if report.exit_code is not Exit.SOUND:
            raise SystemExit(int(report.exit_code))

    def verify(self, options: dict[str, Any]) -> Report:
        """Verify what was asked for."""
        if options["database"] and options["database"] not in connections:
            message = _("There is no database %(alias)s.")
            values = {"alias": options["database"]}
            raise CommandError(message % values, returncode=Exit.FAILED)
        chosen = [self.model(name) for name in options["models"]] or None
        progress = self.meter() if self.is_terminal(options) else None
        try:
            return verify(
                chosen,
                using=options["database"],
                processes=options["processes"],
                progress=progress,
            )
        finally:
            if progress is not None:
                self.stderr.write("\r\x1b[K", ending="")

    def model(self, name: str) -> Any:
        """Return a sealed model by its name."""
        try:
            found = apps.get_model(name)
        except (LookupError, ValueError):
            found = None
        if found not in sealed_models():
            message = _("%(name)s is not a sealed model.") % {"name": name}
            raise CommandError(message, returncode=Exit.FAILED)
        return found

    def is_terminal(self, options: dict[str, Any]) -> bool:
        """Answer whether somebody watches."""
        return not options["json"] and self.stderr.isatty()

    def meter(self) -> Callable[[int], None]:
        """Return what counts rows and writes one line over itself."""
        begin = shown = elapsed()
        done = 0

        def add(rows: int) -> None:
            nonlocal done, shown
            done += rows
            moment = elapsed()
            if moment - shown < SECONDS:
                return
            shown = moment
            text = _("%(done)d rows, %(rate)d a second")
            values = {"done": done, "rate": round(done / (moment - begin))}
            self.stderr.write(f"\r\x1b[K{text % values}", ending="")

        return add

    def say(self, report: Report) -> None:
        """Print what is wrong, a line for each table, and one over all."""
        for table in report.tables:
            self.say_table(table)
        words = {
            Exit.SOUND: _("All sealed data is sound"),
            Exit.BROKEN: _("Sealed data is NOT what was written"),
            Exit.UNKNOWN: _("Some sealed data could not be verified"),
        }
        text = _("%(verdict)s: %(rows)d rows in %(tables)d tables; %(time).1f s.")
        values = {
            "verdict": words[report.exit_code],
            "rows": sum(one.rows for one in report.tables),
            "tables": len(report.tables),
            "time": report.seconds,
        }
        self.stdout.write(text % values)

    def say_table(self, table: Verified) -> None:
        """Print what is wrong with a table."""
        for fault in table.faults:
            why = fault.why or _("altered")
            self.stdout.write(f"{fault.resource}: {why}")
        hidden = table.altered + table.unknown - len(table.faults)
        if hidden:
            text = _("%(table)s: and %(count)d more rows")
            self.stdout.write(text % {"table": table.table, "count": hidden})
        for why in (table.root, table.blocked):
            if why:
                self.stdout.write(f"{table.table}: {why}")

    def record(self, report: Report) -> None:
        """Record it; that it cannot be recorded changes nothing of what was found."""
        try:
            record_report(report)
        except AuditUnavailable as error:
            self.stderr.write(_("Not recorded: %(error)s") % {"error": error})
