"""
Leaves no database connection behind in a thread that is not ours.

In an asynchronous stack Django calls the error handlers in a thread of a pool that no
request owns (`thread_sensitive=False`). What they open there, to record a refusal or
to find out who asked, nobody would ever close: the signal that closes connections at
the end of a request is heard in another thread. Forty such threads hold forty
connections, until the database has none left for anybody. What listens to that signal
itself, to work once the response is out, comes when Django has closed already.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

P = ParamSpec("P")
R = TypeVar("R")


def leaves_no_connection(handler: Callable[P, R]) -> Callable[P, R]:
    """
    Close what a handler opened, in a thread that had no open connection before.

    The thread of a synchronous request has one as a rule, and keeps it; where it has
    none, closing costs its next request the opening of another.
    """

    @wraps(handler)
    def handle(*args: P.args, **kwargs: P.kwargs) -> R:
        if _open():
            return handler(*args, **kwargs)
        try:
            return handler(*args, **kwargs)
        finally:
            for connection in _open():
                connection.close()

    return handle


def _open() -> list[BaseDatabaseWrapper]:
    """Return the connections of this thread that are open."""
    made = connections.all(initialized_only=True)
    return [one for one in made if one.connection is not None]
