"""manage.py jtsec_secrets_rotate: new passwords for a database, while it is in use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.authentication.console import person_named
from jtsec.core.context import acting_as
from jtsec.core.exceptions import JtsecError, Refused
from jtsec.secrets.rotation import Patience, Rotation, rotate

WAITING: Final = 1
UNUSABLE: Final = 2
REFUSED: Final = 3


class Command(BaseCommand):
    """Exit 0 done, 1 begun, run it again, 2 cannot be done, 3 refused."""

    help = (
        "Change the passwords of the two accounts of a database without stopping the "
        "application: the account that stands by gets a new one, the application "
        "goes over to it, and when nobody works as the old account any more, that "
        "gets its own. The new passwords are sealed to JTSEC_SECRETS_DBA_KEY_FILE. "
        "The same call goes on where one before was stopped. Exit codes: 0 done, "
        "1 begun but not finished: run it again, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []
    told = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add which accounts, where to, by whom, why, and how patiently."""
        parser.add_argument("name", help="Of the accounts, such as db.accounts.")
        parser.add_argument(
            "--deliver",
            required=True,
            type=Path,
            metavar="FILE",
            help="Where the sealed passwords are written; a new file.",
        )
        parser.add_argument("--actor", required=True, help="Who does it.")
        parser.add_argument("--reason", required=True, help="Why.")
        parser.add_argument(
            "--wait",
            type=float,
            default=Patience.wait,
            metavar="SECONDS",
            help="Wait at most so long for the old account to fall quiet (300).",
        )
        parser.add_argument(
            "--quiet",
            type=float,
            default=Patience.quiet,
            metavar="SECONDS",
            help="It is quiet when nobody worked as it for so long (10).",
        )
        parser.add_argument(
            "--by-dba",
            action="store_true",
            help="Set no password; the administrator does, from the sealed file.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or as much as can be done, and say how far that was."""
        try:
            patience = Patience(options["wait"], options["quiet"], options["by_dba"])
            with acting_as(person_named(options["actor"])):
                done = rotate(
                    options["name"],
                    deliver=options["deliver"],
                    reason=options["reason"],
                    patience=patience,
                    tell=self.tell,
                )
        except Refused as error:
            message = f"{error} ({error.reason})"
            raise CommandError(message, returncode=REFUSED) from error
        except (JtsecError, DatabaseError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        self.report(done, as_json=options["json"])

    def tell(self, line: str) -> None:
        """Show a step to somebody who watches, once."""
        if self.stderr.isatty() and line != self.told:
            self.stderr.write(line, self.style.NOTICE)
        self.told = line

    def report(self, done: Rotation, *, as_json: bool) -> None:
        """Print how far it got; end with 1 when there is more to do."""
        if as_json:
            state = "waiting" if done.waiting else "done"
            shown = {"active": done.active, "state": state, "waiting": done.waiting}
            self.stdout.write(json.dumps(shown))
        else:
            text = _("The application connects as %(user)s.")
            self.stdout.write(text % {"user": done.active})
        if done.waiting:
            text = _("Not finished, run it again; waiting for: %(who)s")
            message = text % {"who": "; ".join(done.waiting)}
            raise CommandError(message, returncode=WAITING)
