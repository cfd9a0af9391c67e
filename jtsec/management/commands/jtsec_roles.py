"""manage.py jtsec_roles: the roles, what each gives, who holds it, what is wrong."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.access.api import ListedRole, find_inconsistencies, list_roles

FOUND: Final = 1
UNREADABLE: Final = 2


class Command(BaseCommand):
    """Prints the roles; with --check exit 1 when somebody holds what they must not."""

    help = (
        "List the roles: duty, rights, what they build on, who holds them where and "
        "until when. With --check: what somebody holds and must not. "
        "Exit codes: 0 nothing wrong, 1 something found by --check, 2 no database."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to list and how."""
        parser.add_argument("code", nargs="*", help="Only these roles.")
        parser.add_argument(
            "--check", action="store_true", help="List what contradicts the rules."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list, or what is wrong."""
        try:
            self.answer(options)
        except DatabaseError as error:
            message = _("The roles cannot be read: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNREADABLE) from error

    def answer(self, options: dict[str, Any]) -> None:
        """Print what was asked for."""
        if options["check"]:
            self.check_holdings(as_json=options["json"])
            return
        wanted = set(options["code"])
        roles = [one for one in list_roles() if not wanted or one.code in wanted]
        if options["json"]:
            rows = [one.as_dict() for one in roles]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for one in roles:
            self.write_role(one)
        if not roles:
            self.stdout.write(_("There are no roles."))

    def check_holdings(self, *, as_json: bool) -> None:
        """Print what somebody holds and must not."""
        found = find_inconsistencies()
        if as_json:
            rows = [
                {
                    "reason": one.reason,
                    "resource": one.resource,
                    "username": one.username,
                    "detail": one.detail,
                }
                for one in found
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        for one in () if as_json else found:
            who = one.username or one.resource
            self.stdout.write(f"{who}: {one.sentence} ({one.detail})")
        if found:
            message = _("%(count)d contradictions.") % {"count": len(found)}
            raise CommandError(message, returncode=FOUND)
        if not as_json:
            self.stdout.write(_("Nobody holds what they must not."))

    def write_role(self, role: ListedRole) -> None:
        """Print one role and its holders."""
        parents = _("builds on %(codes)s") % {"codes": ", ".join(role.parents)}
        state = "" if role.is_whole else _("ALTERED, gives nothing")
        head = (role.code, role.name, role.duty, parents if role.parents else "", state)
        self.stdout.write("  ".join(part for part in head if part))
        for right in role.rights:
            self.stdout.write(f"    {right}")
        for holder in role.holders:
            until = holder.until.isoformat() if holder.until else ""
            parts = (f"    @{holder.username}", holder.organisation, until)
            self.stdout.write("  ".join(part for part in parts if part))
