"""Decides who sees personal data in clear; a refusal is recorded here (T7.2)."""

from __future__ import annotations

from typing import Any

from .decision import decide
from .requiring import require


def require_clear(who: Any, right: str, row: Any) -> None:
    """
    Return if somebody may use the right of seeing a row in clear.

    That they did is recorded where they see it; so the use of a core function is not
    told twice, once by its page and once for each row.

    Args:
        who: a request, or a user where there is none.
        right: the right that the model declares.
        row: the row.

    Raises:
        Refused: they may not; recorded with the exact reason.
    """
    if not decide(getattr(who, "user", who), right, row):
        require(who, right, row)
