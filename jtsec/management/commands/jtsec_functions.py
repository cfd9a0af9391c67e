"""manage.py jtsec_functions: every function, what it demands, who asks and gives."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jtsec.access.function_list import ListedFunction, listed_functions


class Command(BaseCommand):
    """Lists the functions of the project."""

    help = "List every function: its attributes, the views that ask for it, its roles."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add which ones, and the output form."""
        parser.add_argument(
            "--unguarded",
            action="store_true",
            help="Only functions that no view asks for.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        found = listed_functions()
        if options["unguarded"]:
            found = [one for one in found if not one.views]
        if options["json"]:
            self.stdout.write(json.dumps([_plain(one) for one in found], indent=1))
            return
        for one in found:
            self._print(one)

    def _print(self, one: ListedFunction) -> None:
        title = str(one.function.title) or ("" if one.is_declared else "?")
        marks = " ".join(mark.replace("_", "-") for mark in one.marks)
        self.stdout.write(f"{one.function.right}  {title}".rstrip())
        self.stdout.write(f"    {one.function.duty}  {marks}".rstrip())
        for name, values in (
            ("conflicts with", sorted(one.function.conflicts_with)),
            ("asked for by", one.views or ("no view",)),
            ("given by", one.roles or (() if one.function.by_duty else ("no role",))),
        ):
            if values:
                self.stdout.write(f"    {name}: {', '.join(values)}")


def _plain(one: ListedFunction) -> dict[str, object]:
    function = one.function
    return {
        "right": function.right,
        "title": str(function.title),
        "declared": one.is_declared,
        "duty": function.duty,
        "police_only": function.police_only,
        "critical": function.critical,
        "core": function.core,
        "sensitivity": function.sensitivity,
        "propagatable": function.propagatable,
        "by_duty": function.by_duty,
        "set_up": function.set_up,
        "conflicts_with": sorted(function.conflicts_with),
        "interfaces": sorted(function.interfaces),
        "views": list(one.views),
        "roles": list(one.roles),
    }
