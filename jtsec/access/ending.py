"""Takes a row in hand that is about to end, altered or not."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import QuerySet

from jtsec.core.exceptions import CannotVerify, VerifiedFalse

from .believing import believed
from .models import AccessRow
from .rows import whole

R = TypeVar("R", bound=AccessRow)


def about_to_end(rows: QuerySet[R], pk: object) -> tuple[R, bool]:
    """
    Return a live row, locked, and whether its seal is whole.

    An altered row gives nothing. It is ended all the same, under a new seal: otherwise
    it would give something again when somebody writes back what stood there before.
    Its alarm stays in the audit.

    Raises:
        InputError: there is none, or it has ended.
    """
    try:
        return whole(rows, pk), True
    except (VerifiedFalse, CannotVerify):
        row = rows.select_for_update().get(pk=pk)
        believed(row)
        return row, False
