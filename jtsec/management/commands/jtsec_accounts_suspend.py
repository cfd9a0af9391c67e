"""manage.py jtsec_accounts_suspend: put out of use what nobody used for a year."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.accounts.api import (
    ListedAccount,
    Suspension,
    suspend_unused,
    suspended_accounts,
    unused_accounts,
    unused_days,
    why_left,
)
from jtsec.audit.api import boundary
from jtsec.authentication.console import operator
from jtsec.core.context import Actor, acting_as
from jtsec.core.exceptions import JtsecError

KEPT: Final = 1
UNUSABLE: Final = 2


class Command(BaseCommand):
    """Suspends or lists: exit 0 done, 1 some had to stay, 2 cannot be done."""

    help = (
        "Suspend the accounts that nobody used for JTSEC_ACCOUNTS_UNUSED_DAYS; for a "
        "timer that runs every day. --list shows which there are and changes nothing. "
        "Exit codes: 0 done, 1 some had to stay in use, 2 could not be done."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to do, who and why."""
        parser.add_argument(
            "--list",
            action="store_true",
            help="Only list what is unused, and what was suspended before.",
        )
        parser.add_argument(
            "--actor", default="", help="Who set this up; stands in the audit."
        )
        parser.add_argument("--reason", default="", help="Why.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """List, or suspend and say what came of it."""
        try:
            if options["list"]:
                self.show(as_json=options["json"])
                return
            done = self.suspend(options["actor"].strip(), options["reason"].strip())
        except (JtsecError, DatabaseError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        self.report(done, as_json=options["json"])

    def suspend(self, who: str, why: str) -> Suspension:
        """Suspend as a named program: the rule decides, and no person."""
        if not (who and why):
            message = _("A real run needs --actor and --reason; or use --list.")
            raise CommandError(message, returncode=UNUSABLE)
        actor = Actor(kind="system", username=who[:150], name="jtsec_accounts_suspend")
        with acting_as(actor), boundary():
            return suspend_unused(reason=why, operator=operator())

    def show(self, *, as_json: bool) -> None:
        """Print what is unused, and what was suspended."""
        unused, suspended = list(unused_accounts()), list(suspended_accounts())
        if as_json:
            shown = {
                "days": unused_days(),
                "unused": [_plain(one) for one in unused],
                "suspended": [_plain(one) for one in suspended],
            }
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
            return
        text = _("Unused for more than %(days)d days: %(number)d")
        counts = {"days": unused_days(), "number": len(unused)}
        self.stdout.write(text % counts)
        for one in unused:
            self.stdout.write(f"  {_line(one)}")
        self.stdout.write(_("Suspended: %(number)d") % {"number": len(suspended)})
        for one in suspended:
            self.stdout.write(f"  {_line(one)}  {one.identity.deactivated_why}")

    def report(self, done: Suspension, *, as_json: bool) -> None:
        """Print what was suspended; end with 1 when something had to stay."""
        if as_json:
            shown = {
                "days": done.days,
                "suspended": [_plain(one) for one in done.suspended],
                "kept": [
                    {**_plain(one), "reason": reason} for one, reason in done.kept
                ],
            }
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
        else:
            text = _("Suspended: %(number)d")
            self.stdout.write(text % {"number": len(done.suspended)})
            for one in done.suspended:
                self.stdout.write(f"  {_line(one)}")
            for one, reason in done.kept:
                self.stdout.write(f"  {_line(one)}  {why_left(reason)}")
        if done.kept:
            text = _("%(number)d accounts had to stay in use.")
            message = text % {"number": len(done.kept)}
            raise CommandError(message, returncode=KEPT)


def _plain(one: ListedAccount) -> dict[str, object]:
    identity = one.identity
    return {
        "uid": str(identity.uid),
        "username": identity.login_name,
        "name": identity.name,
        "organisation": identity.organisation.code,
        "duty": identity.duty,
        "last_login": one.last_use.isoformat() if one.last_use else None,
        "unused_since": one.idle_since.isoformat() if one.idle_since else None,
        "why": identity.deactivated_why,
    }


def _line(one: ListedAccount) -> str:
    identity = one.identity
    since = f"{one.idle_since:%Y-%m-%d}" if one.idle_since else "–"
    place = identity.organisation
    return f"{identity.login_name}  {identity.name}  {place.name}  {since}"
