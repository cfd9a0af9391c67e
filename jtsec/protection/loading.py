"""
A row is verified where it becomes an instance.

Whatever query loads it, joins, related managers and raw SQL among them, Django makes
it with `from_db`. A row of which some sealed fields were left out is verified by one
query of its own, so that nobody reads past a broken seal by reading less of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model

from .alarms import alarmed
from .declaration import Plan, sealed_plan
from .exceptions import RowAltered, RowUnverifiable
from .rows import read
from .seal import verify

_is_looking: ContextVar[bool] = ContextVar("jtsec_unverified", default=False)


@contextmanager
def unverified() -> Iterator[None]:
    """
    Load rows inside the block whatever their seals say: to look into what happened.

    They are shown, not trusted; a write to a broken row is refused all the same.
    """
    token = _is_looking.set(True)
    try:
        yield
    finally:
        _is_looking.reset(token)


def require_sound(row: Model, using: str) -> None:
    """
    Return if a row that was just loaded is what was sealed (clause A6.2).

    Raises:
        RowAltered, RowUnverifiable: it is not, or cannot be told; an event says so.
    """
    if _is_looking.get():
        return
    plan = sealed_plan(type(row))
    values = row.__dict__
    with alarmed("load"):
        if plan.key.attname not in values:
            raise RowUnverifiable(plan.label, "it was loaded without its primary key")
        key = values[plan.key.attname]
        try:
            verify(plan, key, values)
        except KeyError:
            _verify_stored(plan, key, using)


def _verify_stored(plan: Plan, key: Any, using: str) -> None:
    stored = read(plan, [key], using, lock=False).get(key)
    # It was there a moment ago: deleted since, or two statements saw two states.
    if stored is None:
        raise RowAltered(plan.resource(key))
    verify(plan, key, stored)
