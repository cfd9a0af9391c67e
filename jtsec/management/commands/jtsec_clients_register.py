"""manage.py jtsec_clients_register: register the key of a terminal or service."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary
from jtsec.authentication.console import person_named
from jtsec.core.context import acting_as
from jtsec.core.exceptions import InputError, JtsecError, Refused
from jtsec.rest.api import register_client

UNUSABLE: Final = 2
REFUSED: Final = 3


class Command(BaseCommand):
    """Registers one client: exit 0 done, 2 cannot be done, 3 refused."""

    help = (
        "Register the SM2 public key of a terminal or service, and the functions it "
        "may call in the name of a business account. Prints the number that the "
        "client puts into its requests. Needs an actor with the duty and a reason. "
        "Exit codes: 0 registered, 2 malformed or taken, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what is registered, by whom and why."""
        parser.add_argument("code", help="A short name in small letters.")
        parser.add_argument("--name", required=True, help="What people call it.")
        parser.add_argument("--kind", required=True, help="terminal or service")
        parser.add_argument(
            "--account", required=True, help="The business account that answers for it."
        )
        parser.add_argument(
            "--public-key", required=True, help="A PEM file with its SM2 public key."
        )
        parser.add_argument(
            "--right",
            action="append",
            default=[],
            help="A function it may call; may be given several times.",
        )
        parser.add_argument(
            "--network",
            action="append",
            default=[],
            help="From where it calls; may be given several times.",
        )
        parser.add_argument("--until", default="", help="Until when, in ISO 8601.")
        parser.add_argument("--actor", required=True, help="Who registers it.")
        parser.add_argument("--reason", required=True, help="Why.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Register it and print its number."""
        try:
            with acting_as(person_named(options["actor"])), boundary():
                row = register_client(
                    code=options["code"],
                    name=options["name"],
                    kind=options["kind"],
                    account=options["account"],
                    public_key=_text_of(options["public_key"]),
                    rights=options["right"],
                    networks=options["network"],
                    valid_until=_moment(options["until"]),
                    reason=options["reason"],
                )
        except Refused as error:
            message = f"{error} ({error.reason})"
            raise CommandError(message, returncode=REFUSED) from error
        except (JtsecError, DatabaseError, OSError, UnicodeError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        if options["json"]:
            told = {"id": str(row.pk), "code": row.code, "fingerprint": row.fingerprint}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(
            _("%(code)s is registered; its number is %(number)s.")
            % {"code": row.code, "number": row.pk}
        )


def _text_of(path: str) -> str:
    return Path(path).read_text("ascii")


def _moment(text: str) -> datetime | None:
    """Return a moment, or the beginning of a day; None for nothing."""
    if not text:
        return None
    try:
        found = parse_datetime(text)
        day = parse_date(text)
    except ValueError:
        found = day = None
    if found is None and day is not None:
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - of the project's zone
    if found is None:
        raise InputError(_("Not a date or moment in ISO 8601."), field="until")
    return found
