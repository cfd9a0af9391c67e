"""manage.py jtsec_secrets: keep, show, list, edit and remove secrets."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.authentication.console import person_named
from jtsec.core.clock import shown
from jtsec.core.context import acting_as
from jtsec.core.exceptions import InputError, JtsecError, Refused
from jtsec.secrets import acts
from jtsec.secrets.api import UnknownSecret, secret_status
from jtsec.secrets.asking import ask_value
from jtsec.secrets.editing import edit_text

UNKNOWN: Final = 1
UNUSABLE: Final = 2
REFUSED: Final = 3
STATES: Final = {
    "created": gettext_lazy("kept"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
}


class Command(BaseCommand):
    """Handles secrets: exit 0 done, 1 no such secret, 2 cannot be done, 3 refused."""

    help = (
        "Keep, show, list, edit and remove secrets of the deployment. A value is asked "
        "for or read from the standard input, never given on the command line. All but "
        "list need an actor with the duty and a reason, and are recorded. "
        "Before there are settings: python -m jtsec.secrets set NAME. "
        "Exit codes: 0 done, 1 no such secret, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the verbs, and for each what it is done to, by whom and why."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, what in (
            ("set", "Keep a secret, or change it."),
            ("get", "Show a secret."),
            ("edit", "Change a secret in $EDITOR, without a file on a disk."),
            ("remove", "Remove a secret."),
        ):
            one = verbs.add_parser(verb, help=what)
            one.add_argument("name", help="Such as db.password.")
            one.add_argument("--actor", required=True, help="Who does it.")
            one.add_argument("--reason", required=True, help="Why.")
            one.add_argument("--json", action="store_true", help="Print JSON.")
        listing = verbs.add_parser("list", help="List names and ages, never values.")
        listing.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the verb, and end with the code of what went wrong."""
        try:
            if options["verb"] == "list":
                self.list_them(as_json=options["json"])
                return
            with acting_as(person_named(options["actor"])):
                self.do(options)
        except Refused as error:
            message = f"{error} ({error.reason})"
            raise CommandError(message, returncode=REFUSED) from error
        except UnknownSecret as error:
            raise CommandError(str(error), returncode=UNKNOWN) from error
        except (JtsecError, DatabaseError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error

    def do(self, options: dict[str, Any]) -> None:
        """Do what leaves an event."""
        verb, name, reason = options["verb"], options["name"], options["reason"]
        if verb == "get":
            value = acts.show(name, reason=reason)
            said = json.dumps({"name": name, "value": value}, ensure_ascii=False)
            self.stdout.write(said if options["json"] else value)
            return
        if verb == "remove":
            acts.remove(name, reason=reason)
            done = "removed"
        elif verb == "edit":
            before = acts.show(name, reason=reason)
            value = edit_text(before)
            if value == before:
                raise InputError(_("The secret is as it was."))
            acts.change(name, value, reason=reason)
            done = "changed"
        else:
            is_new = acts.change(name, ask_value(name), reason=reason)
            done = "created" if is_new else "changed"
        said = json.dumps({"name": name, "state": done})
        self.stdout.write(said if options["json"] else f"{name}: {STATES[done]}")

    def list_them(self, *, as_json: bool) -> None:
        """Print names and the moments of the last change."""
        status = secret_status()
        if as_json:
            rows = [
                {"name": one.name, "changed": one.changed.isoformat()} for one in status
            ]
            self.stdout.write(json.dumps(rows))
            return
        for one in status:
            self.stdout.write(f"{one.name}  {shown(one.changed)}")
