"""manage.py jtsec_clients: the terminals and services that sign their requests."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.core.clock import now, shown
from jtsec.rest.api import list_clients
from jtsec.rest.checks import is_whole
from jtsec.rest.models import SignedClient

ALTERED: Final = 1
UNREADABLE: Final = 2


class Command(BaseCommand):
    """Prints the clients; exit 1 when the seal of one is broken."""

    help = (
        "List the terminals and services that sign their requests: key, functions, "
        "networks, validity, and the account that answers for each. "
        "Exit codes: 0 all whole, 1 one was altered or cannot be verified, "
        "2 no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to list and how."""
        parser.add_argument("--all", action="store_true", help="Ended ones too.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list."""
        try:
            rows = [as_dict(one) for one in list_clients(with_ended=options["all"])]
        except DatabaseError as error:
            message = _("The clients cannot be read: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNREADABLE) from error
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        for row in () if options["json"] else rows:
            self.stdout.write("  ".join(_words(row)))
        if not rows and not options["json"]:
            self.stdout.write(_("No client is registered."))
        if any(row["state"] == "altered" for row in rows):
            message = _("A client was altered or cannot be verified; it is refused.")
            raise CommandError(message, returncode=ALTERED)


def as_dict(row: SignedClient) -> dict[str, Any]:
    """Return a client as plain values; times in ISO 8601."""
    names = ("code", "name", "kind", "fingerprint", "rights", "networks")
    return {
        "id": str(row.pk),
        **{name: getattr(row, name) for name in names},
        "account": row.identity.login_name,
        "valid_until": row.valid_until.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "ended_why": row.ended_why,
        "state": _state(row),
        "until": shown(row.valid_until),
    }


def _state(row: SignedClient) -> str:
    if not is_whole(row):
        return "altered"
    if row.ended_at is not None:
        return "ended"
    return "in-use" if row.valid_until > now() else "expired"


def _words(row: dict[str, Any]) -> list[str]:
    return [
        *(row["code"], row["id"], row["name"], row["kind"], f"@{row['account']}"),
        *(",".join(row["rights"]), ",".join(row["networks"])),
        _("until %(time)s") % {"time": row["until"]},
        row["state"],
    ]
