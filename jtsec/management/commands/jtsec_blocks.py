"""manage.py jtsec_blocks: locked users, blacklisted terminals, and their history."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from jtsec.authentication.api import list_blocks
from jtsec.authentication.models import Block
from jtsec.core.clock import shown


class Command(BaseCommand):
    """Prints what is blocked; exit 0 whether or not something is."""

    help = (
        "List locked users and blacklisted terminals; with --history those that ended "
        "as well, and who lifted them and why."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what to list and how."""
        kinds = parser.add_mutually_exclusive_group()
        kinds.add_argument("--users", action="store_const", dest="kind", const="user")
        kinds.add_argument(
            "--terminals", action="store_const", dest="kind", const="terminal"
        )
        parser.add_argument("--history", action="store_true", help="Ended ones too.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list."""
        kind = options["kind"] or ""
        blocks = list_blocks(dimension=kind, with_history=options["history"])
        if options["json"]:
            rows = [as_dict(one) for one in blocks]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for one in blocks:
            self.stdout.write(_line(one))
        if not blocks:
            self.stdout.write(_("Nothing is blocked."))


def as_dict(block: Block) -> dict[str, Any]:
    """Return a block as plain values; times in ISO 8601."""
    times = {
        name: None if value is None else value.isoformat()
        for name in ("since", "until", "lifted_at")
        for value in (getattr(block, name),)
    }
    names = ("dimension", "subject", "failures", "last_address", "last_terminal")
    lift = ("lifted_by", "lift_reason")
    return {name: getattr(block, name) for name in (*names, *lift)} | times


def _line(block: Block) -> str:
    parts = [
        f"{block.get_dimension_display()} {block.subject}",
        _("since %(time)s") % {"time": shown(block.since)},
        _("until %(time)s") % {"time": shown(block.until)}
        if block.until
        else _("until lifted"),
        _("%(number)d failures") % {"number": block.failures},
        _("last from %(address)s") % {"address": block.last_address or "-"},
    ]
    if block.lifted_at:
        parts.append(
            _("lifted %(time)s by %(name)s: %(reason)s")
            % {
                "time": shown(block.lifted_at),
                "name": block.lifted_by,
                "reason": block.lift_reason,
            }
        )
    return "  ".join(parts)
