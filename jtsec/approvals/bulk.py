"""Approves several applications, each judged by itself and alone in its transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError, JtsecError

from .models import ApprovalRequest
from .verdicts import approve

MOST: Final = 100


@dataclass(frozen=True)
class Chosen:
    """One application that was ticked, with the revision that the list showed."""

    id: UUID
    revision: int


@dataclass(frozen=True)
class Result:
    """
    What came of one.

    Args:
        chosen: which.
        row: as it stands, None where it was refused.
        error: why it was refused, None where it was approved.
    """

    chosen: Chosen
    row: ApprovalRequest | None
    error: JtsecError | None


def parse_chosen(keys: Iterable[str]) -> list[Chosen]:
    """
    Return what a list's boxes name, each "number:revision".

    Raises:
        InputError: nothing is chosen, too much, or something is no such key.
    """
    chosen: dict[UUID, Chosen] = {}
    for key in keys:
        number, _colon, revision = key.rpartition(":")
        try:
            one = Chosen(UUID(number), int(revision))
        except ValueError as error:
            message = _("There is no such application.")
            raise InputError(message, field="chosen") from error
        chosen[one.id] = one
    if not chosen:
        raise InputError(_("Choose at least one."), field="chosen", code="empty")
    if len(chosen) > MOST:
        message = _("Choose at most %(number)d at once.") % {"number": MOST}
        raise InputError(message, field="chosen", code="too-many")
    return list(chosen.values())


def approve_each(chosen: Iterable[Chosen], *, note: str = "") -> list[Result]:
    """
    Approve one after another; what is refused does not stop the others.

    Each goes through the choke point by itself: being one of many excuses nobody from
    having raised it (clause A4.4).
    """
    return [_approve(one, note) for one in chosen]


def _approve(one: Chosen, note: str) -> Result:
    try:
        row = approve(one.id, revision=one.revision, note=note)
    except JtsecError as error:
        return Result(one, None, error)
    return Result(one, row, None)
