"""manage.py jtsec_clients_end: take the key of a terminal or service out of use."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary
from jtsec.authentication.console import person_named
from jtsec.core.context import acting_as
from jtsec.core.exceptions import InputError, JtsecError, Refused
from jtsec.rest.api import end_client

NOTHING: Final = 1
UNUSABLE: Final = 2
REFUSED: Final = 3


class Command(BaseCommand):
    """Ends one client: exit 0 ended, 1 none in use, 2 cannot be done, 3 refused."""

    help = (
        "Take the key of a terminal or service out of use, at once and for good. Needs "
        "an actor with the duty and a reason. Exit codes: 0 ended, 1 no such client "
        "in use, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add which, by whom and why."""
        parser.add_argument("code", help="The client's code.")
        parser.add_argument("--actor", required=True, help="Who ends it.")
        parser.add_argument("--reason", required=True, help="Why.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """End it and say so."""
        try:
            with acting_as(person_named(options["actor"])), boundary():
                row = end_client(options["code"], reason=options["reason"])
        except Refused as error:
            message = f"{error} ({error.reason})"
            raise CommandError(message, returncode=REFUSED) from error
        except InputError as error:
            code = NOTHING if error.code == "unknown" else UNUSABLE
            raise CommandError(str(error), returncode=code) from error
        except (JtsecError, DatabaseError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        if options["json"]:
            self.stdout.write(json.dumps({"id": str(row.pk), "code": row.code}))
            return
        self.stdout.write(_("%(code)s is out of use.") % {"code": row.code})
