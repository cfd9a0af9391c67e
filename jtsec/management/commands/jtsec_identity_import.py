"""manage.py jtsec_identity_import: give identities to the users of a CSV file."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jtsec.audit.api import boundary
from jtsec.core.context import Actor, acting_as
from jtsec.core.exceptions import JtsecError
from jtsec.identity.importing import Plan, import_staff
from jtsec.identity.staff_file import COLUMNS, ENCODINGS, UnusableFile

BAD_LINES, UNUSABLE = 1, 2


class Command(BaseCommand):
    """Examines or imports a file: exit 0 done, 1 bad lines, 2 cannot be done."""

    help = (
        "Give identities to existing users from a CSV file with the columns "
        + ", ".join(COLUMNS)
        + ". All of it or nothing. Exit codes: 0 done, 1 bad lines, 2 cannot be done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, who and why, and the two ways to run."""
        parser.add_argument("file", type=Path, help="The CSV file.")
        parser.add_argument("--encoding", choices=sorted(ENCODINGS), default="utf-8")
        parser.add_argument("--dry-run", action="store_true", help="Change nothing.")
        parser.add_argument("--actor", default="", help="Who does this.")
        parser.add_argument("--reason", default="", help="Why.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, examine, import, report."""
        who, why = options["actor"].strip(), options["reason"].strip()
        dry_run: bool = options["dry_run"]
        if not dry_run and not (who and why):
            message = _("A real run needs --actor and --reason; or use --dry-run.")
            raise CommandError(message, returncode=UNUSABLE)
        actor = Actor(kind="system", username=who, name="jtsec_identity_import")
        try:
            data = options["file"].read_bytes()
            with acting_as(actor), boundary():
                plan = import_staff(
                    data, encoding=options["encoding"], reason=why, dry_run=dry_run
                )
        except OSError as error:
            message = f"{options['file']}: {error.strerror}"
            raise CommandError(message, returncode=UNUSABLE) from error
        except UnusableFile as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except JtsecError as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        self.report(plan, dry_run=dry_run, as_json=options["json"])

    def report(self, plan: Plan, *, dry_run: bool, as_json: bool) -> None:
        """Print what came of it; never an ID number."""
        if as_json:
            self.stdout.write(json.dumps(_summary(plan, dry_run), ensure_ascii=False))
        else:
            for fault in plan.faults:
                where = _("line %(line)d") % {"line": fault.line}
                column = f", {fault.column}" if fault.column else ""
                self.stdout.write(f"{where}{column}: {fault.reason}")
        if plan.faults:
            number = len({fault.line for fault in plan.faults})
            message = ngettext(
                "%(number)d line is bad; nothing was changed.",
                "%(number)d lines are bad; nothing was changed.",
                number,
            )
            raise CommandError(message % {"number": number}, returncode=BAD_LINES)
        if not as_json:
            self.stdout.write(_sentence(plan, dry_run))


def _summary(plan: Plan, dry_run: bool) -> dict[str, object]:
    is_done = not plan.faults
    return {
        "dry_run": dry_run,
        "registered": len(plan.people) if is_done else 0,
        "unchanged": plan.unchanged,
        "organisations": len(plan.organisations) if is_done else 0,
        "faults": [asdict(fault) for fault in plan.faults],
    }


def _sentence(plan: Plan, dry_run: bool) -> str:
    text = (
        _("Would register %(people)d, with %(organisations)d new organisations; ")
        if dry_run
        else _("Registered %(people)d, with %(organisations)d new organisations; ")
    )
    counts = {"people": len(plan.people), "organisations": len(plan.organisations)}
    unchanged = _("%(unchanged)d were registered already.")
    return text % counts + unchanged % {"unchanged": plan.unchanged}
