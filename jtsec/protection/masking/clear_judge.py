"""
The seam by which seeing in clear reaches the one decision point.

Who may do what is decided in access, above; it registers here. Nobody registered:
nobody sees anything in clear.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from jtsec.core.exceptions import Refused

SENTENCE: Final = _("You may not see these data in full.")

Judge = Callable[[Any, str, Any], object]
"""(request or user, right, row): returns, or raises `Refused`."""


def _refuse(who: Any, right: str, row: Any) -> object:
    raise Refused("nobody-decides", str(SENTENCE))


_judge: Judge = _refuse


def set_clear_judge(judge: Judge) -> None:
    """Let access decide; called once, at start."""
    global _judge  # noqa: PLW0603 - the one seam between low and high
    _judge = judge


def require_clear(who: Any, right: str, row: Any) -> None:
    """
    Return if somebody may see a row in clear.

    Raises:
        Refused: they may not.
    """
    _judge(who, right, row)
