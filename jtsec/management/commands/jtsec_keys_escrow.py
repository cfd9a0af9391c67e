"""manage.py jtsec_keys_escrow: the key file in shares, and back."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.authentication.console import person_named
from jtsec.core.context import acting_as
from jtsec.core.exceptions import InputError, JtsecError, Refused
from jtsec.crypto import sm2
from jtsec.crypto.exceptions import DecryptionFailed
from jtsec.keys.api import Share, open_share, put_back, share_holder
from jtsec.rotation import escrow

UNUSABLE: Final = 2
REFUSED: Final = 3


class Command(BaseCommand):
    """Cuts up and puts back: exit 0 done, 2 cannot be done, 3 refused."""

    help = (
        "Cut the key file into shares, one file for each holder, sealed with his "
        "password or to his SM2 public key; with --restore, write the key file of "
        "enough of them. Exit codes: 0 done, 2 cannot be done, 3 refused."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the holders, or the shares, and where it is written."""
        parser.add_argument(
            "--holder",
            action="append",
            default=[],
            metavar="NAME[=PUBLIC.pem]",
            help="Who gets a share; without a public key a password is asked for.",
        )
        parser.add_argument("--needed", type=int, help="How many give it back.")
        parser.add_argument("--to", type=Path, help="The folder for the shares.")
        parser.add_argument("--actor", help="Who does it; not for --restore.")
        parser.add_argument("--reason", help="Why; not for --restore.")
        parser.add_argument(
            "--restore", type=Path, metavar="FILE", help="Write the key file there."
        )
        parser.add_argument(
            "--share",
            action="append",
            default=[],
            metavar="FILE[=PRIVATE.pem]",
            help="A share; without a private key its password is asked for.",
        )
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and end with the code of what went wrong."""
        try:
            if options["restore"]:
                self.restore(options)
                return
            for needed in ("holder", "needed", "to", "actor", "reason"):
                if not options[needed]:
                    raise InputError(_("Give --%(name)s.") % {"name": needed})
            with acting_as(person_named(options["actor"])):
                self.cut_up(options)
        except Refused as error:
            message = f"{error} ({error.reason})"
            raise CommandError(message, returncode=REFUSED) from error
        except (JtsecError, DatabaseError, OSError) as error:
            message = _("Nothing was changed: %(error)s") % {"error": error}
            raise CommandError(message, returncode=UNUSABLE) from error

    def cut_up(self, options: dict[str, Any]) -> None:
        """Write the shares and say which."""
        locks: dict[str, str | sm2.PublicKey] = {}
        for one in options["holder"]:
            name, _sign, path = one.partition("=")
            locks[name] = (
                sm2.PublicKey.from_pem(Path(path).read_bytes())
                if path
                else _ask(name, again=True)
            )
        written = escrow.cut_up(
            locks,
            needed=options["needed"],
            folder=options["to"].absolute(),
            reason=options["reason"],
        )
        if options["json"]:
            self.stdout.write(json.dumps({"shares": [str(one) for one in written]}))
            return
        for path in written:
            self.stdout.write(str(path))

    def restore(self, options: dict[str, Any]) -> None:
        """Open the shares, put the file back, and say where it is."""
        put_back(
            [_opened(one) for one in options["share"]], options["restore"].absolute()
        )
        path = str(options["restore"])
        said = json.dumps({"restored": path})
        self.stdout.write(said if options["json"] else path)


def _opened(given: str) -> Share:
    name, _sign, key = given.partition("=")
    data = Path(name).read_bytes()
    if key:
        pem = Path(key).read_bytes()
        try:
            return open_share(data, sm2.PrivateKey.from_pem(pem))
        except DecryptionFailed:
            return open_share(data, sm2.PrivateKey.from_pem(pem, _ask(key).encode()))
    return open_share(data, _ask(share_holder(data)))


def _ask(name: str, *, again: bool = False) -> str:
    """Return a password typed at a terminal, or the next line of the input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().removesuffix("\n").removesuffix("\r")
    value = getpass.getpass(_("Password of %(name)s: ") % {"name": name})
    if again and value != getpass.getpass(_("Again: ")):
        raise InputError(_("The two are not the same."), field="password")
    return value
