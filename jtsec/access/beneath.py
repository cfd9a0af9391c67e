"""All that came from one right to pass on, to end with it (clause A4.8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from uuid import UUID

from .believing import believed
from .models import Propagation, RightGrant
from .rows import alive

R = TypeVar("R", Propagation, RightGrant)


def all_from(top: Propagation) -> Iterator[Propagation | RightGrant]:
    """
    Yield a right to pass on, and what is live of all that came from it.

    What was altered ends too, and leaves its alarm: it gives nothing now, and must
    give nothing either when somebody writes back what stood there before.
    """
    level, seen = [top], {top.pk}
    while level:
        yield from level
        sources = [one.pk for one in level]
        yield from _came_from(RightGrant, sources)
        level = [one for one in _came_from(Propagation, sources) if one.pk not in seen]
        seen.update(one.pk for one in level)


def _came_from(model: type[R], sources: list[UUID]) -> list[R]:
    rows = model._default_manager.filter(alive(), source__in=sources)
    found = list(rows.order_by("made_at", "pk").select_for_update())
    for row in found:
        believed(row)
    return found
