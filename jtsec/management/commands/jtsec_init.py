"""manage.py jtsec_init: make the keys, and the first administrators."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError, InputError, JtsecError
from jtsec.keys.api import KeysUnavailable, key_file
from jtsec.keys.conf import keys_settings
from jtsec.management.first_administrators import (
    DUTIES,
    Administrator,
    Made,
    finish,
    make_administrators,
)
from jtsec.management.first_keys import (
    ErrorKey,
    Ring,
    is_held_elsewhere,
    is_in_force,
    make_keys,
)

NO_ADMINISTRATOR, NO_KEYS, NOT_FINISHED = 1, 2, 3
ERROR_KEY = "jtsec-error-private.pem"
EXAMPLE = "--admin sysadmin --duty system --name … --number … --organisation …"


class BeginAdministrator(argparse.Action):
    """Begins the next administrator; the options after it are theirs."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Take the login name."""
        namespace.admins = [*(namespace.admins or ()), {"username": str(values)}]


class OfAdministrator(argparse.Action):
    """Belongs to the administrator named last."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Take one particular."""
        if not namespace.admins:
            parser.error(f"{option_string} belongs after --admin")
        given = True if self.nargs == 0 else str(values)
        namespace.admins[-1][self.dest.removeprefix("admin_")] = given


class Command(BaseCommand):
    """Makes what is missing: exit 0 done, 1 nobody made, 2 no keys, 3 not finished."""

    help = (
        "Make the key ring and the error key, outside of the project, and the first "
        "administrators. What is there already is left as it is. The first technical "
        "administrator may set up and nothing else, until --finish. Exit codes: "
        "0 done, 1 an administrator could not be made, 2 the keys could not be made, "
        "3 the setting up could not be finished."
    )
    # They would complain of the very keys that are made here.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where the keys go, and who is to be an administrator."""
        parser.add_argument(
            "--keys", type=Path, help="The key file; default JTSEC_KEYS_FILE."
        )
        parser.add_argument(
            "--error-key",
            type=Path,
            help=f"The private error key; default {ERROR_KEY} beside the key file.",
        )
        self.add_keys(parser)
        parser.add_argument(
            "--admin",
            dest="admins",
            metavar="USERNAME",
            action=BeginAdministrator,
            help="An administrator; may be given again. The next options are theirs.",
        )
        self.add_particulars(parser)
        parser.add_argument(
            "--finish",
            action="store_true",
            help="Make the initial administrator an ordinary technical one.",
        )
        parser.add_argument("--actor", help="The security administrator who finishes.")
        parser.add_argument("--reason", help="Why, with --finish.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def add_keys(self, parser: CommandParser) -> None:
        """Add what the keys are made of, and locked with."""
        parser.add_argument(
            "--take-over",
            type=Path,
            metavar="FILE",
            help="A key file in clear whose keys are taken over, instead of new ones.",
        )
        parser.add_argument(
            "--error-key-password",
            action="store_true",
            help="Ask for a password that locks the private error key.",
        )

    def add_particulars(self, parser: CommandParser) -> None:
        """Add what is known of an administrator; what is missing is asked for."""
        for name, what in (
            ("--name", "The real name."),
            ("--resident-id", "The resident ID number; asked for unless given."),
            ("--number", "The police or employee number."),
            ("--organisation", "The organisation's 12-digit code."),
            ("--organisation-name", "Its name, if it is to be made."),
        ):
            dest = "admin_" + name[2:].replace("-", "_")
            parser.add_argument(name, dest=dest, action=OfAdministrator, help=what)
        parser.add_argument(
            "--duty", dest="admin_duty", choices=DUTIES, action=OfAdministrator
        )
        parser.add_argument(
            "--police",
            dest="admin_is_police",
            nargs=0,
            action=OfAdministrator,
            help="The administrator is a police officer.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the keys, then the people, and say what comes next."""
        if options["finish"]:
            self.finish(options)
            return
        ring, error_key = self.make_keys(options)
        made: list[Made] = []
        if options["admins"]:
            made = self.make_administrators(ring, options)
        steps = list(_next_steps(ring, made))
        if options["json"]:
            shown = _summary(ring, error_key, made, steps)
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
        else:
            self.report(ring, error_key, made, steps)

    def finish(self, options: dict[str, Any]) -> None:
        """End the setting up, or end with exit code 3 and nothing changed."""
        if not options["actor"] or not options["reason"]:
            message = _("Say who finishes and why: --actor, --reason.")
            raise CommandError(message, returncode=NOT_FINISHED)
        try:
            username = finish(by=options["actor"], reason=options["reason"])
        except (JtsecError, DatabaseError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=NOT_FINISHED) from error
        if options["json"]:
            self.stdout.write(json.dumps({"finished": username}, ensure_ascii=False))
        else:
            text = _("%(username)s is an ordinary technical administrator now.")
            self.stdout.write(text % {"username": username})

    def make_keys(self, options: dict[str, Any]) -> tuple[Ring, ErrorKey]:
        """Make ring and error key, or end with exit code 2."""
        try:
            path = (options["keys"] or _default_place()).absolute()
            error_path = (options["error_key"] or path.with_name(ERROR_KEY)).absolute()
            password = _ask_password() if options["error_key_password"] else None
            clear = options["take_over"] and options["take_over"].absolute()
            return make_keys(path, error_path, password, clear)
        except KeysUnavailable as error:
            hint = _("Say where: --keys /etc/jtsec/keys/jtsec.keys")
            message = str(error) if options["keys"] else f"{error}. {hint}"
            raise CommandError(message, returncode=NO_KEYS) from error
        except ConfigurationError as error:
            raise CommandError(str(error), returncode=NO_KEYS) from error

    def make_administrators(self, ring: Ring, options: dict[str, Any]) -> list[Made]:
        """Register the administrators, or end with exit code 1 and nobody made."""
        if not is_in_force(ring.path):
            message = _('First set JTSEC_KEYS_FILE = "%(path)s", then run this again.')
            raise CommandError(
                message % {"path": ring.path}, returncode=NO_ADMINISTRATOR
            )
        try:
            people = [_administrator(one, options) for one in options["admins"]]
            return make_administrators(people, by=_console_user())
        except (ValidationError, JtsecError, DatabaseError) as error:
            field = getattr(error, "field", "")
            reason = f"{field}: {error}" if field else str(error)
            message = _("No administrator was made: %(reason)s") % {"reason": reason}
            raise CommandError(message, returncode=NO_ADMINISTRATOR) from error

    def report(
        self, ring: Ring, error_key: ErrorKey, made: list[Made], steps: list[str]
    ) -> None:
        """Print what was made, what was there, and the next step."""
        state = _("created") if ring.was_created else _("exists, left as it is")
        text = _("Key ring: %(path)s (%(state)s)")
        self.stdout.write(text % {"path": ring.path, "state": state})
        for key in ring.keys:
            self.stdout.write(f"  {key.id}  {key.algorithm}  {key.state}")
        text = _("Private error key: %(where)s")
        self.stdout.write(text % {"where": _error_key(error_key)})
        for one in made:
            text = _("Administrator: %(what)s")
            self.stdout.write(text % {"what": _administrator_line(one)})
        self.stdout.write(_("Next:"))
        for step in steps:
            self.stdout.write(f"  {step}")


def _default_place() -> Path:
    return Path(keys_settings().provider) if is_held_elsewhere() else key_file()


def _administrator(given: dict[str, Any], options: dict[str, Any]) -> Administrator:
    """Return an administrator; ask for what is missing where somebody can answer."""
    can_ask = sys.stdin.isatty() and not options["json"]
    for one in fields(Administrator):
        if one.name in given or one.name in ("is_police", "organisation_name"):
            continue
        if not can_ask:
            text = _("%(name)s is missing for --admin %(username)s.")
            raise InputError(text % {"name": one.name, "username": given["username"]})
        # Asked for, and so neither in the shell's history nor in the process list.
        given[one.name] = input(f"{given['username']}, {one.name}: ").strip()
    return Administrator(**given)


def _console_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "console"  # a container's number without a name


def _ask_password() -> bytes:
    password = getpass.getpass(_("Password of the private error key: "))
    if not password or password != getpass.getpass(_("Again: ")):
        raise CommandError(_("The two are not the same."), returncode=NO_KEYS)
    return password.encode()


def _error_key(error_key: ErrorKey) -> str:
    if error_key.state == "taken away":
        return _("not on this machine, as it should be")
    text = _("%(path)s. Take it off this machine and keep it with the developers.")
    return text % {"path": error_key.path}


def _administrator_line(made: Made) -> str:
    if not made.initial_password:
        return _("%(username)s exists, left as it is") % {"username": made.username}
    text = _("%(username)s (%(duty)s), initial password %(password)s")
    return text % {
        "username": made.username,
        "duty": made.duty,
        "password": made.initial_password,
    } + _("; shown once, to be changed at the first login")


def _finish_line() -> str:
    actor, reason = _("SECURITY-ADMINISTRATOR"), _("REASON")
    return f"manage.py jtsec_init --finish --actor {actor} --reason {reason}"


def _next_steps(ring: Ring, made: list[Made]) -> Iterator[str]:
    if ring.was_created and os.name == "posix" and os.geteuid() == 0:
        # Only their owner reads them, and the service should not be root.
        owner = _("USER-OF-THE-SERVICE")
        yield f"chown -R {owner} {ring.path.parent}"
    if not is_in_force(ring.path):
        yield f'JTSEC_KEYS_FILE = "{ring.path}"'
    if not made:
        yield "manage.py migrate"
        yield f"manage.py jtsec_init {EXAMPLE}"
    else:
        yield "manage.py check --deploy"
    if any(one.is_initial for one in made):
        yield _("Register a second technical administrator; then:")
        yield _finish_line()


def _summary(
    ring: Ring, error_key: ErrorKey, made: list[Made], steps: list[str]
) -> dict[str, object]:
    return {
        "keys": {
            "path": str(ring.path),
            "state": "created" if ring.was_created else "exists",
            "ids": [key.id for key in ring.keys],
        },
        "error_key": {"path": str(error_key.path), "state": error_key.state},
        "administrators": [
            {
                "username": one.username,
                "duty": one.duty,
                "state": "created" if one.initial_password else "exists",
                "initial_password": one.initial_password,
                "is_initial": one.is_initial,
            }
            for one in made
        ],
        "next": steps,
    }
