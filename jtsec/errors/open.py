"""
Opens a sealed code without a project: `python -m jtsec.errors.open FILE --key KEY`.

FILE holds the text copied from the error page, `-` is standard input. Exit codes:
0 opened, 2 usage, 4 wrong key, 5 altered, 6 no sealed code, 7 key file unusable.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path

from .exceptions import CodeNotOpened, MalformedCode
from .opening import (
    Exit,
    UnusableKey,
    exit_for,
    open_text,
    read_private_key,
    sentence,
    shown,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m jtsec.errors.open", description="Open a sealed error code."
    )
    parser.add_argument("file", help="file with the sealed code, - for standard input")
    parser.add_argument("--key", required=True, help="PEM file of the private key")
    parser.add_argument(
        "--password", action="store_true", help="ask for the password of the key file"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        text = _read(options.file)
        secret = getpass.getpass().encode() if options.password else None
        report = open_text(text, read_private_key(options.key, secret))
    except (UnusableKey, CodeNotOpened, MalformedCode) as error:
        print(sentence(error), file=sys.stderr)
        return exit_for(error)
    print(shown(report, as_json=options.json))
    return Exit.OPENED


def _read(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text("ascii")
    except OSError as error:
        raise MalformedCode(f"The file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise MalformedCode("The text is no sealed code.") from error


if __name__ == "__main__":
    sys.exit(main())
