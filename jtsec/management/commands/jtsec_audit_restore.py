"""manage.py jtsec_audit_restore: the rows of a segment, back into a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary
from jtsec.audit.archive.api import restore
from jtsec.authentication.console import person_named
from jtsec.core.context import acting_as
from jtsec.management.commands.jtsec_audit_archive import told_by_exit_code


class Command(BaseCommand):
    """Restores one segment; exit codes as jtsec_audit_archive."""

    help = (
        "Restore the rows of a segment, byte for byte, into the log or, with "
        "--database, into a side database. Exit codes: 0 done, 1 the segment was "
        "altered, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add which segment, into what, who and why."""
        parser.add_argument("segment", help="The segment, as --list names it.")
        parser.add_argument("--directory", type=Path, help="Instead of the setting's.")
        parser.add_argument("--database", default="", help="Alias of a side database.")
        parser.add_argument("--actor", required=True, help="Who restores it.")
        parser.add_argument("--reason", required=True, help="Why.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say how many rows."""
        with told_by_exit_code():
            with acting_as(person_named(options["actor"])), boundary():
                rows = restore(
                    options["segment"],
                    reason=options["reason"],
                    directory=options["directory"],
                    database=options["database"],
                )
            if options["json"]:
                said = {"restored": options["segment"], "rows": rows}
                self.stdout.write(json.dumps(said, ensure_ascii=False))
            else:
                self.stdout.write(_("Restored %(rows)d records.") % {"rows": rows})
