"""manage.py jtsec_views: every view, its address and what it demands."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jtsec.access.exposure_map import exposed_views


class Command(BaseCommand):
    """Lists the views of the project."""

    help = "List every view with its address and what it demands of its caller."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the output form."""
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        views = list(exposed_views())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in views], indent=1))
            return
        for one in views:
            demand = one.requirement.right or one.requirement.kind
            self.stdout.write(f"{demand:<28} /{one.route}  {one.name}")
