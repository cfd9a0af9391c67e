"""Statements that have been sealed already, on their way through Django's compilers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_passing: ContextVar[bool] = ContextVar("jtsec_sealed_statement", default=False)


@contextmanager
def passing() -> Iterator[None]:
    """Let the statement inside pass; it holds one call and no code of a project."""
    token = _is_passing.set(True)
    try:
        yield
    finally:
        _is_passing.reset(token)


def is_passing() -> bool:
    """Answer whether a sealed statement is on its way."""
    return _is_passing.get()
