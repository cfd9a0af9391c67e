"""
python -m jtsec.secrets: what is done where there are no settings.

    set NAME                   keep the first secrets, before settings can be read
    accounts NAME USER USER    the same for the two accounts of a database
    dba-key FILE               make the key pair of the database administrator
    delivered FILE --key KEY   open what was sealed to it

Settings that ask for a password cannot be read until it is kept, and without settings
there is neither an actor nor a log. So `set` and `accounts` add names and do nothing
else: what is there already is read and changed through `jtsec_secrets`, by somebody
with a name. The administrator's machine has no project at all.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from jtsec.core.exceptions import JtsecError
from jtsec.crypto.sm2 import PrivateKey
from jtsec.keys.api import create_error_key

from .accounts import Account, dump_accounts, new_accounts
from .api import keep
from .asking import ask_value, ask_values
from .delivery import open_delivery


def main(arguments: list[str] | None = None) -> int:
    """Do one of them: 0 done, 2 nothing changed."""
    given = _parser().parse_args(arguments)
    try:
        said = given.do(given)
    except (JtsecError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{said}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jtsec.secrets")
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("set", help="Keep a new secret; its value is asked for.")
    verb.add_argument("name", help="Such as db.password.")
    verb.set_defaults(do=_set)
    verb = verbs.add_parser(
        "accounts",
        help="Keep two accounts of a database; their passwords are asked for.",
    )
    verb.add_argument("name", help="Such as db.accounts.")
    verb.add_argument("users", nargs=2, metavar="USER", help="The first one is used.")
    verb.set_defaults(do=_accounts)
    verb = verbs.add_parser("dba-key", help="Make a key pair; prints the public half.")
    verb.add_argument("file", type=Path, help="Where the private half is written.")
    verb.add_argument("--password", action="store_true", help="Ask for one for it.")
    verb.set_defaults(do=_dba_key)
    verb = verbs.add_parser("delivered", help="Open a file of sealed passwords.")
    verb.add_argument("file", type=Path)
    verb.add_argument("--key", type=Path, required=True, help="The private half.")
    verb.add_argument("--password", action="store_true", help="Ask for the key's.")
    verb.set_defaults(do=_delivered)
    return parser


def _set(given: argparse.Namespace) -> str:
    keep(given.name, ask_value(given.name), at=_now(), only_new=True)
    return str(given.name)


def _accounts(given: argparse.Namespace) -> str:
    first, second = (
        Account(user, password)
        for user, password in zip(given.users, ask_values(given.users), strict=True)
    )
    value = dump_accounts(new_accounts(first, second))
    keep(given.name, value, at=_now(), only_new=True)
    return str(given.name)


def _dba_key(given: argparse.Namespace) -> str:
    password = getpass.getpass().encode() if given.password else None
    return create_error_key(given.file, password).to_pem().strip()


def _delivered(given: argparse.Namespace) -> str:
    password = getpass.getpass().encode() if given.password else None
    key = PrivateKey.from_pem(given.key.read_bytes(), password)
    delivery = open_delivery(given.file.read_text("ascii"), key)
    return json.dumps(vars(delivery), ensure_ascii=False, indent=1)


def _now() -> datetime:
    # The clock of the controls is Django's, which is not set up here.
    return datetime.fromtimestamp(time.time(), UTC)


if __name__ == "__main__":
    sys.exit(main())
