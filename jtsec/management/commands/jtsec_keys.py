"""manage.py jtsec_keys: what may be told of the keys."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.core.clock import shown
from jtsec.core.exceptions import JtsecError
from jtsec.keys.api import key_status, uses
from jtsec.keys.usage.api import totals

UNUSABLE: Final = 2


class Command(BaseCommand):
    """Lists the keys, never one itself: exit 0 done, 2 cannot be done."""

    help = (
        "List the keys with purpose, state, age and how often they encrypted; with "
        "--scan also how many stored values are under each. Exit codes: 0 done, 2 "
        "cannot be done."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how much is looked at and how it is said."""
        parser.add_argument(
            "--scan", action="store_true", help="Count the stored values under each."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each key."""
        try:
            rows = self.rows(scan=options["scan"])
        except (JtsecError, DatabaseError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        if options["json"]:
            self.stdout.write(json.dumps(rows, default=lambda one: one.isoformat()))
            return
        for row in rows:
            line = "{id}  {algorithm}  {state}  ".format(**row) + shown(row["created"])
            line += "  " + _("encryptions: %(number)d") % {"number": row["encryptions"]}
            if options["scan"]:
                line += "  " + _("stored: %(number)d") % {"number": row["stored"]}
            self.stdout.write(line)

    def rows(self, *, scan: bool) -> list[dict[str, Any]]:
        """Return what may be told of each key."""
        used = totals()
        stored: dict[str, int] = {}
        for use in uses() if scan else []:
            for key_id, number in use.count().items():
                stored[key_id] = stored.get(key_id, 0) + number
        return [
            {
                **key._asdict(),
                "encryptions": used.get(key.id, 0),
                **({"stored": stored.get(key.id, 0)} if scan else {}),
            }
            for key in key_status()
        ]
