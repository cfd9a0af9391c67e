"""
Rounds: a table verified a few rows at a time, and as a whole where nobody wrote.

A round remembers where it is and what the rows behind it add up to. At its end the
root tells whether they are those that belong there, unless somebody has written since
it began; then the rows alone were verified, and the next round may find it quiet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models, router

from jtsec.core.exceptions import CannotVerify

from .declaration import Plan, plan_of, sealed_models
from .exceptions import RootMissing, TableAltered
from .lane_state import MODULUS
from .remembered import require_not_before, serials_of
from .report import record_verified
from .root import Root, read_root
from .scanning import Fault, Scanned, pages, scan_page
from .verifying import Verified, difference

MOST_TOLD: Final = 1_000
"""Rows a process remembers to have told of; their alarms are there already."""


@dataclass
class Round:
    """
    A round over one table.

    Args:
        plan: of the table.
        using: the alias of its database.
        root: as it was at the beginning; None where it could not be read.
        found: what the rows were found to be.
        last: the key that was looked at last.
    """

    plan: Plan
    using: str
    root: Root | None
    found: Scanned = field(default_factory=Scanned)
    last: Any = None

    def look(self, rows: int) -> bool:
        """Verify so many rows; answer whether the round has ended."""
        following = pages(self.plan, self.using, after=self.last, size=rows)
        page = next(following, [])
        nonces = scan_page(self.plan, page, self.found)
        if self.root is not None:
            total = self.found.total + self.root.adder.sum_of(nonces)
            self.found.total = total % MODULUS
        if page:
            self.last = page[-1][0]
        return len(page) < rows


class Rounds:
    """The rounds of one process, over one sealed table after the other."""

    def __init__(self) -> None:
        self._left: list[type[models.Model]] = []
        self._round: Round | None = None
        self._told: set[Fault] = set()
        self._whole: dict[str, str] = {}

    def look(self, rows: int) -> int:
        """
        Verify the next rows and record what is broken.

        Returns:
            How many are broken that were not told of before.

        Raises:
            AuditUnavailable: it could not be recorded.
        """
        self._round = self._round or self._next()
        if self._round is None:
            return 0
        at = self._round
        has_ended = at.look(rows)
        faults = [one for one in at.found.faults if one not in self._told]
        at.found.faults.clear()
        verdict = _verdict(at) if has_ended else ""
        root = self._unless_told(at, verdict) if has_ended else ""
        # `serials` are recorded when they have changed since they were recorded.
        serials = _serials(at) if has_ended and not verdict else ()
        record_verified(_news(at, faults, root, serials))
        if len(self._told) < MOST_TOLD:
            self._told.update(faults)
        if has_ended:
            self._round = None
        return len(faults) + bool(root)

    def _next(self) -> Round | None:
        self._left = self._left or sealed_models()
        if not self._left:
            return None
        model = self._left.pop(0)
        plan: Any = plan_of(model)
        using = router.db_for_write(model)
        try:
            return Round(plan, using, read_root(plan, using))
        except (RootMissing, CannotVerify):
            return Round(plan, using, None)
        except TableAltered as error:
            at = Round(plan, using, None)
            why = self._unless_told(at, error.why)
            record_verified(_news(at, [], why, ()))
            return at

    def _unless_told(self, at: Round, why: str) -> str:
        """Return what is wrong with a table, "" if it was told last as well."""
        if at.root is not None and not why:
            self._whole.pop(at.plan.label, None)
        if self._whole.get(at.plan.label) == why:
            return ""
        if why:
            self._whole[at.plan.label] = why
        return why


def _news(
    at: Round, faults: list[Fault], root: str, serials: tuple[int, ...]
) -> Verified:
    """Return what was not told of before."""
    unknown = sum(bool(one.why) for one in faults)
    return Verified(
        table=at.plan.label,
        rows=at.found.rows,
        altered=len(faults) - unknown,
        unknown=unknown,
        faults=tuple(faults),
        root=root,
        serials=serials,
    )


def _verdict(at: Round) -> str:
    """Return what is wrong with a table as a whole, "" if nothing or not known."""
    try:
        if at.root is None or read_root(at.plan, at.using) != at.root:
            return ""
        require_not_before(at.plan.label, at.root.serials)
        return difference(at.root, at.found)
    except TableAltered as error:
        return error.why
    except CannotVerify:
        return ""


def _serials(at: Round) -> tuple[int, ...]:
    root = at.root
    if root is None or at.found.altered or at.found.unknown:
        return ()
    if read_root(at.plan, at.using) != root:
        return ()
    is_known = list(root.serials) == serials_of(at.plan.label)
    return () if is_known else root.serials
