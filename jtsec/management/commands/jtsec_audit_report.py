"""manage.py jtsec_audit_report: write a report about the log into a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.audit.reports.api import FORMS, KINDS, last_month, make, period_of, today
from jtsec.audit.reports.api import write as write_report
from jtsec.authentication.conf import page_settings
from jtsec.authentication.console import operator
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError, JtsecError

UNUSABLE: Final = 2
FAILED: Final = 3


class Command(BaseCommand):
    """Writes one report: exit 0 written, 2 asked for nonsense, 3 cannot be done."""

    help = (
        "Write a report about the audit log: daily or monthly (who used the system for "
        "what), or security (a month's attacks and their handling). "
        "Exit codes: 0 written, 2 wrong arguments, 3 could not be written."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to write about, and where to."""
        parser.add_argument("kind", choices=list(KINDS), help="Which report.")
        parser.add_argument(
            "period",
            nargs="?",
            default="",
            help="2026-11-22 for a day, 2026-11 for a month; the last full one.",
        )
        parser.add_argument(
            "-o",
            "--output",
            required=True,
            help="The file; its ending says the form: " + ", ".join(FORMS) + ".",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the report, write it beside its place, then put it there."""
        kind, path = options["kind"], Path(options["output"])
        text = options["period"] or _last(kind)
        try:
            period = period_of(kind, text)
            pages = page_settings()
            with acting_as(system_actor("jtsec_audit_report")):
                document = make(
                    kind,
                    period,
                    maker=operator(),
                    system=pages.system_name,
                    organisation=pages.organisation,
                    form=path.suffix.lstrip("."),
                )
                _write(document, path)
        except InputError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except (JtsecError, DatabaseError, OSError) as error:
            message = _("No report was written: %(error)s") % {"error": error}
            raise CommandError(message, returncode=FAILED) from error
        self.report(path, str(period), as_json=options["json"])

    def report(self, path: Path, period: str, *, as_json: bool) -> None:
        """Print what was written."""
        if as_json:
            done = {"file": str(path), "period": period}
            self.stdout.write(json.dumps(done, ensure_ascii=False))
            return
        said = _("%(period)s: written to %(path)s.")
        self.stdout.write(said % {"period": period, "path": path})


def _write(document: Any, path: Path) -> None:
    """Leave the old file alone until the new one is whole."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("xb") as file:
            write_report(document, path.suffix.lstrip("."), file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _last(kind: str) -> str:
    """Return the last period that is over."""
    if kind == "daily":
        return today().fromordinal(today().toordinal() - 1).isoformat()
    return last_month()
