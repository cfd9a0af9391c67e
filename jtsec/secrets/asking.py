"""How a value comes in: asked for or piped, never as an argument others can list."""

from __future__ import annotations

import getpass
import sys

from jtsec.core.exceptions import InputError
from jtsec.core.wording import early_gettext as _


def ask_value(name: str) -> str:
    """
    Return a value typed twice at a terminal, or all of the standard input.

    Raises:
        InputError: the two are not the same.
    """
    if not sys.stdin.isatty():
        # echo and editors end a line; a password has no line end.
        return sys.stdin.read().removesuffix("\n").removesuffix("\r")
    value = getpass.getpass(_("Value of %(name)s: ") % {"name": name})
    if value != getpass.getpass(_("Again: ")):
        raise InputError(_("The two are not the same."), field="value")
    return value


def ask_values(names: list[str]) -> list[str]:
    """
    Return a value for each name: typed twice, or one line of the standard input each.

    Raises:
        InputError: the two are not the same, or there are not so many lines.
    """
    if sys.stdin.isatty():
        return [ask_value(name) for name in names]
    lines = sys.stdin.read().splitlines()
    if len(lines) != len(names):
        raise InputError(
            _("The standard input holds not one line for each."), field="value"
        )
    return lines
