"""manage.py jtsec_settings: every setting of jtsec, its value, floor and clause."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jtsec.core import conf
from jtsec.preset.ejection import as_plain_settings


class Command(BaseCommand):
    """Prints the settings in force."""

    help = "Print every setting of jtsec with its value, default, floor and clause."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the three ways to print."""
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument(
            "--changed", action="store_true", help="Only those the project sets."
        )
        ways.add_argument(
            "--eject",
            action="store_true",
            help="Print what the preset sets as plain settings to paste.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        if options["eject"]:
            self.stdout.write(as_plain_settings(), ending="")
            return
        rows = settings_in_force(only_changed=options["changed"])
        if options["json"]:
            self.stdout.write(
                json.dumps(rows, ensure_ascii=False, indent=1, default=str)
            )
            return
        for row in rows:
            self.stdout.write(_line(row))


def settings_in_force(*, only_changed: bool = False) -> list[dict[str, Any]]:
    """
    Return the settings as rows of name, value, default, floor, clause, source, doc.

    Args:
        only_changed: leave out what stands at its default.
    """
    chosen = conf.profile()
    rows = [
        {
            "name": "JTSEC_PROFILE",
            "value": chosen,
            "default": None,
            "floor": "",
            "clause": "",
            "source": "settings",
            "doc": conf.PROFILES[chosen],
        }
    ]
    for item in conf.declared():
        floor = item.floor_for(chosen)
        rows.append(
            {
                "name": item.name,
                "value": conf.value_of(item, chosen),
                "default": item.default_for(chosen),
                "floor": str(floor) if floor else "",
                "clause": item.spec.clause,
                "source": "settings" if conf.is_set(item) else "default",
                "doc": item.spec.doc,
            }
        )
    return [row for row in rows if not only_changed or row["source"] == "settings"]


def _line(row: dict[str, Any]) -> str:
    floor = f"  [{row['floor']}]" if row["floor"] else ""
    clause = f"  {row['clause']}" if row["clause"] else ""
    mark = "*" if row["source"] == "settings" else " "
    return f"{mark} {row['name']} = {row['value']!r}{floor}{clause}\n    {row['doc']}"
