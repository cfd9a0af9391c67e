"""manage.py jtsec_residue_clear: remove what sessions and business left behind."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary
from jtsec.core.context import Actor, acting_as, current
from jtsec.core.exceptions import JtsecError
from jtsec.protection.residual.api import Cleared, clear

UNUSABLE: Final = 2


class Command(BaseCommand):
    """Removes what is overdue, or everything: exit 0 done, 2 cannot be done."""

    help = (
        "Remove transient data and temporary files whose session or time has ended; "
        "for a timer on every machine. --everything ends all sessions and removes all "
        "of it, before a system is taken out of service; it needs --actor and "
        "--reason. Exit codes: 0 done, 2 could not be done."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do, who and why."""
        parser.add_argument(
            "--everything",
            action="store_true",
            help="End all sessions and remove all transient data and temporary files.",
        )
        parser.add_argument(
            "--actor", default="", help="Who does it; stands in the audit."
        )
        parser.add_argument("--reason", default="", help="Why.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Clear, and say what went."""
        who, why = options["actor"].strip(), options["reason"].strip()
        if options["everything"] and not (who and why):
            message = _("--everything needs --actor and --reason.")
            raise CommandError(message, returncode=UNUSABLE)
        actor = current().actor
        if who:
            actor = Actor(kind="system", username=who[:150], name="jtsec_residue_clear")
        try:
            with acting_as(actor), boundary():
                done = clear(everything=options["everything"], reason=why)
        except (JtsecError, DatabaseError, OSError) as error:
            message = _("Could not be cleared: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        self.report(done, as_json=options["json"])

    def report(self, done: Cleared, *, as_json: bool) -> None:
        """Print what was removed."""
        if as_json:
            self.stdout.write(json.dumps(asdict(done)))
            return
        text = _(
            "Ended %(sessions)d sessions; removed %(entries)d transient entries and "
            "%(folders)d folders of temporary files."
        )
        self.stdout.write(text % asdict(done))
