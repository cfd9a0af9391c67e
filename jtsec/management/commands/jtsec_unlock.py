"""manage.py jtsec_unlock: lift the lock of a user, or take a terminal off the list."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.audit.api import boundary
from jtsec.authentication.api import (
    block_of_terminal,
    block_of_user,
    lift,
    lift_in_emergency,
)
from jtsec.authentication.console import nobody_but, operator, person_named
from jtsec.authentication.models import Block
from jtsec.core.context import Context, acting_as
from jtsec.core.exceptions import InputError, JtsecError, Refused

NOTHING_TO_LIFT: Final = 1
UNUSABLE: Final = 2
REFUSED: Final = 3


class Command(BaseCommand):
    """Lifts one block: exit 0 lifted, 1 nothing there, 2 cannot be done, 3 refused."""

    help = (
        "Lift the lock of a user, or take a terminal off the blacklist. Needs an actor "
        "with the duty and a reason; nobody lifts their own. If every administrator is "
        "locked: --console-emergency, which raises an alarm. "
        "Exit codes: 0 lifted, 1 nothing to lift, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add whom, who and why."""
        parser.add_argument("username", nargs="?", help="The locked user.")
        parser.add_argument(
            "--terminal",
            help="The terminal as jtsec_blocks lists it, instead of a user.",
        )
        parser.add_argument("--actor", required=True, help="Who lifts it.")
        parser.add_argument("--reason", required=True, help="Why.")
        parser.add_argument(
            "--console-emergency",
            action="store_true",
            help="No administrator can: lift without the duty, with an alarm.",
        )
        parser.add_argument(
            "--yes", action="store_true", help="Do not ask again in an emergency."
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the block, lift it, say so."""
        if bool(options["username"]) == bool(options["terminal"]):
            message = _("Name a user, or a terminal with --terminal.")
            raise CommandError(message, returncode=UNUSABLE)
        is_emergency: bool = options["console_emergency"]
        try:
            block = _block(options)
            if is_emergency and not options["yes"]:
                self.confirm(block)
            with _acting(options["actor"], is_emergency=is_emergency), boundary():
                _lift(block, options["reason"], is_emergency=is_emergency)
        except Refused as error:
            raise CommandError(
                f"{error} ({error.reason})", returncode=REFUSED
            ) from error
        except InputError as error:
            code = NOTHING_TO_LIFT if error.code == "not-in-force" else UNUSABLE
            raise CommandError(str(error), returncode=code) from error
        except (JtsecError, DatabaseError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error
        self.report(block, as_json=options["json"])

    def confirm(self, block: Block) -> None:
        """Have the name typed again, since this goes round the administrators."""
        self.stderr.write(
            _("This lifts a lock without an administrator and raises an alarm.")
        )
        try:
            typed = input(_("Type %(name)s to go on: ") % {"name": block.subject})
        except EOFError:
            typed = ""
        if typed.strip() != block.subject:
            raise CommandError(_("Nothing was changed."), returncode=REFUSED)

    def report(self, block: Block, *, as_json: bool) -> None:
        """Print what was lifted."""
        if as_json:
            done = {"lifted": block.subject, "dimension": block.dimension}
            self.stdout.write(json.dumps(done, ensure_ascii=False))
        else:
            self.stdout.write(_("Lifted: %(name)s.") % {"name": block.subject})


def _block(options: dict[str, Any]) -> Block:
    if options["terminal"]:
        found = block_of_terminal(options["terminal"])
    else:
        found = block_of_user(options["username"])
    if found is None:
        name = options["terminal"] or options["username"]
        text = _("%(name)s is not blocked.") % {"name": name}
        raise InputError(text, code="not-in-force")
    return found


def _acting(name: str, *, is_emergency: bool) -> AbstractContextManager[Context]:
    return acting_as(nobody_but(name) if is_emergency else person_named(name))


def _lift(block: Block, reason: str, *, is_emergency: bool) -> None:
    if is_emergency:
        lift_in_emergency(block, reason=reason, operator=operator())
    else:
        lift(block, reason=reason)
