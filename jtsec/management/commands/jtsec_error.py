"""
Opens an error code with the developers' private key.

Exit codes: 0 opened, 2 usage, 3 unknown reference, 4 wrong key, 5 altered code,
6 malformed input, 7 key file unusable.
"""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from jtsec.errors.api import (
    CodeNotOpened,
    Exit,
    MalformedCode,
    Report,
    UnknownReference,
    UnusableKey,
    exit_for,
    open_reference,
    open_text,
    read_private_key,
    sentence,
    shown,
)


class Command(BaseCommand):
    """Prints what a reference or a sealed code stands for."""

    help = "Open an error code with the developers' private key."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "code",
            nargs="?",
            help="a reference such as JT-7F3K-92QA; - reads a sealed code from "
            "standard input",
        )
        parser.add_argument("--file", help="file with a sealed code copied from a page")
        parser.add_argument("--key", required=True, help="PEM file of the private key")
        parser.add_argument(
            "--password",
            action="store_true",
            help="ask for the password of the key file",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the code and print its report."""
        if bool(options["code"]) == bool(options["file"]):
            raise CommandError(
                _("Give a reference, - or --file."), returncode=Exit.USAGE
            )
        try:
            report = _open(options)
        except (UnusableKey, CodeNotOpened, MalformedCode, UnknownReference) as error:
            raise CommandError(sentence(error), returncode=exit_for(error)) from error
        self.stdout.write(shown(report, as_json=options["json"]))


def _open(options: dict[str, Any]) -> Report:
    secret = getpass.getpass().encode() if options["password"] else None
    key = read_private_key(options["key"], secret)
    if options["file"]:
        return open_text(_text_of(options["file"]), key)
    if options["code"] == "-":
        return open_text(sys.stdin.read(), key)
    return open_reference(options["code"], key)


def _text_of(name: str) -> str:
    try:
        return Path(name).read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedCode("The file holds no sealed code.") from error
