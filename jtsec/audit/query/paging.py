"""
Pages of the audit: the newest first, forth and back, without ever counting.

    page = page_of(Filter.from_query(request.GET), after=Position.parse(...))

A page begins behind a row and not at a number, so that the thousandth costs what the
first does, and rows that are written meanwhile move nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from jtsec.audit.models import AuditRecord
from jtsec.core.clock import elapsed

from .conf import query_settings
from .filtering import Filter
from .leads import search_of
from .position import Position
from .walk import Accept, Edge, Walk


@dataclass(frozen=True)
class Page:
    """
    Some rows, the newest first.

    Args:
        rows: what was found.
        older: behind what the next page begins, None when there is none.
        newer: behind what the page before ends, None when there is none.
        looked_back_to: when time ran out, to where everything was seen; older rows
            may exist, and the next page goes on from there.
    """

    rows: tuple[AuditRecord, ...]
    older: Position | None
    newer: Position | None
    looked_back_to: datetime | None = None


def page_of(
    filter: Filter,
    *,
    after: Position | None = None,
    before: Position | None = None,
    size: int | None = None,
    accept: Accept | None = None,
    is_over: Callable[[], bool] | None = None,
) -> Page:
    """
    Return one page.

    Args:
        filter: what the rows must meet.
        after: behind which row it begins, towards the older ones.
        before: in front of which row it ends, towards the newer ones.
        size: rows at most; by default as the settings say.
        accept: what a row must meet beyond the filter.
        is_over: answers whether to stop looking; by default when the time of the
            settings has passed.
    """
    chosen = query_settings()
    size = size or chosen.page_rows
    walk = Walk(
        search=search_of(filter),
        begin=after or before,
        since=filter.since,
        before=filter.until,
        backwards=before is None or after is not None,
        is_over=is_over or after_milliseconds(chosen.page_milliseconds),
        limit=size + 1,
        accept=accept,
    )
    found, edge = _taken(walk.rows(), size + 1)
    if walk.backwards:
        return _going_back(found, edge, after, size)
    return _going_forth(found, edge, size)


def after_milliseconds(milliseconds: int) -> Callable[[], bool]:
    """Return what answers whether so much time has passed since now."""
    end = elapsed() + milliseconds / 1000
    return lambda: elapsed() > end


def _taken(
    walked: Iterable[AuditRecord | Edge], most: int
) -> tuple[list[AuditRecord], Edge | None]:
    found: list[AuditRecord] = []
    for one in walked:
        if isinstance(one, Edge):
            return found, one
        found.append(one)
        if len(found) == most:
            break
    return found, None


def _going_back(
    found: list[AuditRecord], edge: Edge | None, after: Position | None, size: int
) -> Page:
    rows = tuple(found[:size])
    newer = Position.of(rows[0]) if rows and after else after
    if edge is not None:
        return Page(rows, Position(edge.at), newer, edge.at)
    return Page(rows, Position.of(rows[-1]) if len(found) > size else None, newer)


def _going_forth(found: list[AuditRecord], edge: Edge | None, size: int) -> Page:
    rows = tuple(reversed(found[:size]))
    older = Position.of(rows[-1]) if rows else None
    if edge is not None:
        return Page(rows, older or Position(edge.at), Position(edge.at))
    return Page(rows, older, Position.of(rows[0]) if len(found) > size else None)
