"""
Rows in the order of time, found slice by slice, so that no question takes for ever.

A database that is asked for the newest fifty rows of a rare kind may choose to read
everything from the newest backwards; its statistics do not know that the kind is rare
now and was common a year ago. So it is never asked that. A slice is bounded first, by
the time of the row that ends it on the index that leads, and then read: each question
has two ends, and every plan for it is a good one. Between slices the clock is looked
at; a search that takes too long ends with the place it got to, from which the next page
goes on. Nothing is left out in silence.

Several leads are walked in turn: the one that has come least far goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Final

from django.db.models import Q, QuerySet

from jtsec.audit.models import AuditRecord
from jtsec.core.clock import elapsed

from .leads import Search
from .position import LARGEST_ID, Position

FIRST_SLICE: Final = 1000
LARGEST_SLICE: Final = 64_000
SLICE_SECONDS: Final = 0.05
"""A slice that took longer is followed by a smaller one."""

OPENED_SLICE: Final = 500
"""Rows of a slice whose details are opened, which costs more than reading them."""

Accept = Callable[[AuditRecord], bool]
Rows = QuerySet[AuditRecord]


@dataclass(frozen=True)
class Edge:
    """Says that everything on this side of a moment, it included, was seen."""

    at: datetime


@dataclass(frozen=True)
class Walk:
    """
    A walk along the log.

    Args:
        search: what is looked for.
        begin: behind which place it begins; None for the end of the log.
        since: the oldest moment, inclusive; None for no limit.
        before: the newest moment, exclusive; None for no limit.
        backwards: from the newest to the oldest.
        is_over: answers whether it has to end; it takes a step at least.
        limit: how many rows are wanted, so that no more are read at once.
        accept: what a row must meet that the database cannot tell.
    """

    search: Search
    begin: Position | None
    since: datetime | None
    before: datetime | None
    backwards: bool
    is_over: Callable[[], bool]
    limit: int
    accept: Accept | None = None

    def rows(self) -> Iterator[AuditRecord | Edge]:
        """Yield the rows in order, none twice; an `Edge` last, if time ran out."""
        walks = [self._along(lead) for lead in self.search.leads]
        last = 0
        for one in merge(*walks, key=self._place, reverse=self.backwards):
            if isinstance(one, Edge):
                if self.is_over():
                    yield one
                    return
            elif one.pk != last:
                last = one.pk
                yield one

    def _along(self, lead: Q) -> Iterator[AuditRecord | Edge]:
        """Yield the rows of one lead, and an edge behind each slice but the last."""
        led = self._ordered(AuditRecord.objects.filter(lead))
        behind = self.begin
        size = self._first_size
        while True:
            begin = elapsed()
            ahead = self._ahead(led, behind)
            edge = self._edge(ahead, size)
            yield from self._slice(led, behind, edge)
            if edge is None:
                return
            yield Edge(edge)
            behind = Position(edge)
            size = self._next_size(size, elapsed() - begin)

    def _edge(self, ahead: Rows, size: int) -> datetime | None:
        """Return when the row that ends a slice happened, None at the log's end."""
        # By the time alone, which the index that leads has; the number it has not.
        times = ahead.order_by("-at" if self.backwards else "at")
        found = list(times.values_list("at", flat=True)[size - 1 : size])
        return found[0] if found else None

    def _slice(
        self, led: Rows, behind: Position | None, edge: datetime | None
    ) -> Iterator[AuditRecord]:
        """Yield the rows of a slice that meet the rest, read in portions."""
        within = led.filter(self.search.rest)
        if edge is not None:
            within = within.filter(**{f"at__{self._onward}e": edge})
        while True:
            portion = list(self._ahead(within, behind)[: self.limit])
            for row in portion:
                if self.accept is None or self.accept(row):
                    yield row
            if len(portion) < self.limit:
                return
            behind = Position.of(portion[-1])

    def _ordered(self, rows: Rows) -> Rows:
        if self.since is not None:
            rows = rows.filter(at__gte=self.since)
        if self.before is not None:
            rows = rows.filter(at__lt=self.before)
        order = ("-at", "-id") if self.backwards else ("at", "id")
        return rows.order_by(*order)

    def _ahead(self, rows: Rows, behind: Position | None) -> Rows:
        """Return the rows behind a place, in a form that every index fits."""
        if behind is None:
            return rows
        side = "lt" if self.backwards else "gt"
        if behind.id is None:
            return rows.filter(**{f"at__{side}": behind.at})
        seen = {"at": behind.at, f"id__{self._onward}e": behind.id}
        return rows.filter(**{f"at__{side}e": behind.at}).exclude(**seen)

    @property
    def _onward(self) -> str:
        """The comparison that holds for what was passed already."""
        return "gt" if self.backwards else "lt"

    @property
    def _first_size(self) -> int:
        if self.accept is not None:
            return OPENED_SLICE
        return FIRST_SLICE if self.search.rest else self.limit

    def _next_size(self, size: int, seconds: float) -> int:
        """Return how large the next slice is, so that it takes a fraction of a page."""
        if seconds > SLICE_SECONDS:
            return max(size // 2, FIRST_SLICE)
        return min(size * 2, self._largest_size)

    @property
    def _largest_size(self) -> int:
        return LARGEST_SLICE if self.accept is None else OPENED_SLICE

    def _place(self, one: AuditRecord | Edge) -> tuple[datetime, int]:
        """Return where something stands; an edge behind all rows of its moment."""
        if isinstance(one, Edge):
            return one.at, -1 if self.backwards else LARGEST_ID
        return one.at, one.pk
