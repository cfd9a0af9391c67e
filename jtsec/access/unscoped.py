"""
When rows must be asked for in somebody's name, and the ways that need none.

While a person's request is being answered, rows of a scoped model come out for whom
they were asked, or not at all. Commands and background jobs act for the system and are
free. A page that truly needs every row says why, and that is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jtsec.core.context import current
from jtsec.core.exceptions import JtsecError

Key = tuple[str, Any]
"""The label of a model, and a primary key."""

_is_free: ContextVar[bool] = ContextVar("jtsec_rows_free", default=False)
_keys: ContextVar[frozenset[Key]] = ContextVar("jtsec_rows_held", default=frozenset())


class NotScoped(JtsecError):
    """
    Says that a page asked for rows without saying in whose name (clause A4.1).

    A fault of the program, found by the first request that makes it; nothing is
    answered.
    """

    def __init__(self, label: str) -> None:
        super().__init__(
            f"rows of {label} were asked for in a request without .visible_to(user, "
            "right); a page that needs all of them writes .unscoped(reason)"
        )
        self.label = label


def is_demanded() -> bool:
    """Answer whether rows must be asked for in somebody's name now."""
    return not _is_free.get() and current().is_of_a_visitor


@contextmanager
def in_the_know() -> Iterator[None]:
    """Let what access itself does see all rows; nothing of a project's runs inside."""
    token = _is_free.set(True)
    try:
        yield
    finally:
        _is_free.reset(token)


@contextmanager
def holding(keys: Iterable[Key]) -> Iterator[None]:
    """Let rows be addressed by their keys that the page holds in its hands already."""
    token = _keys.set(_keys.get() | frozenset(keys))
    try:
        yield
    finally:
        _keys.reset(token)


def is_held(label: str, keys: Iterable[Any]) -> bool:
    """Answer whether all of these rows are held."""
    held = _keys.get()
    return bool(held) and all((label, key) in held for key in keys)
