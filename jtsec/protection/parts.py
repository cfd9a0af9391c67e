"""A table cut into parts by its keys, each scanned here or by another process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.apps import apps
from django.db.models import QuerySet

from .declaration import Plan, plan_of
from .lane_state import MODULUS, adder_of
from .scanning import Scanned, pages, scan_page

ROWS: Final = 100_000
"""Rows of a part, about."""

Progress = Callable[[int], object]


@dataclass(frozen=True)
class Part:
    """
    A range of keys, as another process can be told it.

    Args:
        model: "app.Model".
        using: the alias of the database.
        key_id: of the root's key.
        low: the first key, None for the very first.
        high: the key behind the last, None for the very last.
    """

    model: str
    using: str
    key_id: str
    low: Any = None
    high: Any = None


def cut(plan: Plan, using: str, key_id: str, rows: int) -> list[Part]:
    """
    Return the parts of a table.

    Args:
        plan: of the table.
        using: the alias of the database.
        key_id: of the root's key.
        rows: how many rows there are, about.
    """
    label = plan.model._meta.label
    edges = list(_edges(plan, using, rows)) if rows > ROWS else []
    bounds = [None, *edges, None]
    return [Part(label, using, key_id, low, high) for low, high in pairwise(bounds)]


def _edges(plan: Plan, using: str, rows: int) -> Iterator[Any]:
    table: Any = QuerySet(model=plan.model, using=using).order_by("pk")
    count = -(-rows // ROWS)
    keys = table.values_list("pk", flat=True)
    low, high = keys.first(), keys.last()
    if isinstance(low, int):
        wide = (high - low) // count + 1
        yield from (low + wide * number for number in range(1, count))
        return
    for number in range(1, count):
        yield from keys[number * ROWS : number * ROWS + 1]


def scan(part: Part, progress: Progress | None = None) -> Scanned:
    """
    Verify the rows of a part and add them up.

    Raises:
        CannotVerify: the root's key is not there.
        django.db.Error: the database does not answer.
    """
    plan: Any = plan_of(apps.get_model(part.model))
    adder = adder_of(plan.label, part.key_id)
    found = Scanned()
    for page in pages(plan, part.using, low=part.low, high=part.high):
        nonces = scan_page(plan, page, found)
        found.total = (found.total + adder.sum_of(nonces)) % MODULUS
        if progress is not None:
            progress(len(page))
    return found


def summed(found: Sequence[Scanned]) -> Scanned:
    """Return parts as one."""
    whole = Scanned()
    for one in found:
        whole.rows += one.rows
        whole.total = (whole.total + one.total) % MODULUS
        whole.altered += one.altered
        whole.unknown += one.unknown
        whole.faults += one.faults
    return whole
