"""
python -m jtsec.secrets set NAME: the first secrets, before there are settings.

Settings that ask for a password cannot be read until it is kept, and without settings
there is neither an actor nor a log. So this adds names and does nothing else: what is
there already is read and changed through `jtsec_secrets`, by somebody with a name.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime

from jtsec.core.exceptions import JtsecError

from .api import keep
from .asking import ask_value


def main(arguments: list[str] | None = None) -> int:
    """Keep one new secret: 0 done, 2 nothing changed."""
    parser = argparse.ArgumentParser(prog="python -m jtsec.secrets")
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("set", help="Keep a new secret; its value is asked for.")
    verb.add_argument("name", help="Such as db.password.")
    name = parser.parse_args(arguments).name
    try:
        # The clock of the controls is Django's, which is not set up here.
        moment = datetime.fromtimestamp(time.time(), UTC)
        keep(name, ask_value(name), at=moment, only_new=True)
    except JtsecError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
