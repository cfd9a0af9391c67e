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
