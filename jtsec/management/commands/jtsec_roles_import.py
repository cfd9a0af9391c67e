"""manage.py jtsec_roles_import: make roles of the groups a project has had so far."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.access.api import PlannedRole, carry_out_groups, plan_groups
from jtsec.audit.api import boundary
from jtsec.authentication.console import person_named
from jtsec.core.exceptions import JtsecError, Refused

UNUSABLE: Final = 2
REFUSED: Final = 3


class Command(BaseCommand):
    """Makes roles of groups: exit 0 done, 2 cannot be done, 3 refused."""

    help = (
        "Make a role of every Django group and give it to the members whom it fits. "
        "Groups count for nothing by themselves. What does not fit is named and left "
        "out; otherwise it is all or nothing. "
        "Exit codes: 0 done, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add who and why."""
        parser.add_argument("--actor", help="The security administrator.")
        parser.add_argument("--reason", help="Why.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Only say what would be done."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plan, or plan and carry out, and say so."""
        if options["dry_run"]:
            self.report(plan_groups(), as_json=options["json"])
            return
        if not options["actor"] or not options["reason"]:
            message = _("Name --actor and --reason, or say --dry-run.")
            raise CommandError(message, returncode=UNUSABLE)
        try:
            with boundary():
                actor = person_named(options["actor"])
                done = carry_out_groups(actor, reason=options["reason"])
        except Refused as error:
            raise CommandError(
                f"{error} ({error.reason})", returncode=REFUSED
            ) from error
        except (JtsecError, DatabaseError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        self.report(done, as_json=options["json"])

    def report(self, roles: tuple[PlannedRole, ...], *, as_json: bool) -> None:
        """Print what becomes of each group."""
        if as_json:
            rows = [one.as_dict() for one in roles]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for one in roles:
            members = ", ".join(member.login_name for member in one.members) or "-"
            self.stdout.write(f"{one.name} > {one.code} ({one.duty or '-'}): {members}")
            for right in one.rights:
                self.stdout.write(f"    {right}")
            for problem in one.problems:
                self.stdout.write(self.style.WARNING(f"    ! {problem}"))
        if not roles:
            self.stdout.write(_("There are no groups."))
