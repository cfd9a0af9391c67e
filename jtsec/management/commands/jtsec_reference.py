"""manage.py jtsec_reference: write the generated reference pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jtsec.management.reference import pages


class Command(BaseCommand):
    """Writes or compares the reference."""

    help = "Write the generated reference pages, or say which one is out of date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where to, and whether only to compare."""
        parser.add_argument("directory", type=Path, help="docs/reference")
        parser.add_argument("--check", action="store_true", help="Compare only.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare."""
        directory: Path = options["directory"]
        stale = [
            name
            for name, text in pages().items()
            if not (directory / name).exists()
            or (directory / name).read_text("utf-8") != text
        ]
        if options["check"]:
            if stale:
                raise CommandError("out of date: " + ", ".join(stale))
            return
        for name in stale:
            (directory / name).write_text(pages()[name], "utf-8")
            self.stdout.write(f"written: {name}")
