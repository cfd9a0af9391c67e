"""
An administrator in a process of their own: does what a line on standard input says.

    python -m tests.access.granting [unguarded]

`unguarded` takes every lock away, and waits between looking and writing: what the
locks are for then happens.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import AbstractContextManager
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - set up first
from django.db.models import QuerySet  # noqa: E402

from jtsec.access import (  # noqa: E402
    assignments,
    duty_changes,
    functions,
    gate,
    role_changes,
    rows,
)
from jtsec.access.api import assign, change_role, role_of  # noqa: E402
from jtsec.core.context import Actor, acting_as, system_actor  # noqa: E402
from jtsec.core.exceptions import InputError, Refused  # noqa: E402
from jtsec.identity import gate as identity_gate  # noqa: E402
from jtsec.identity.api import actor_of, change  # noqa: E402
from jtsec.identity.models import Identity  # noqa: E402
from tests.access.offices import FUNCTIONS, WHY  # noqa: E402

UNGUARDED_WAIT = 0.15


def obey(order: dict[str, Any]) -> str:
    """Do one thing as somebody; return "done" or why not."""
    person = Identity.objects.get(login_name=order.get("person", "zhang"))
    with acting_as(actor(order["by"])):
        try:
            if order["act"] == "assign":
                assign(person, order["role"], reason=WHY)
            elif order["act"] == "change":
                change(person, **order["fields"])
            else:
                role = role_of(order["role"])
                assert role is not None
                change_role(role, reason=WHY, rights=order["rights"])
        except Refused as refused:
            return refused.reason
        except InputError as error:
            return error.code
    return "done"


def actor(name: str) -> Actor:
    """Return a person, or the server's console."""
    if name == "console":
        return system_actor(name)
    rows = Identity.objects.select_related("user", "organisation")
    return actor_of(rows.get(login_name=name).user)


def take_locks_away() -> None:
    """Leave the checks as they are, and nothing that makes one wait for another."""

    def plain() -> AbstractContextManager[None]:
        return transaction.atomic()

    slowly = rows.begin

    def begin(*args: Any) -> Any:
        time.sleep(UNGUARDED_WAIT)
        return slowly(*args)

    def end_slowly(people: Any) -> tuple[str, ...]:
        time.sleep(UNGUARDED_WAIT)
        return ()

    QuerySet.select_for_update = lambda self, **kw: self  # type: ignore[method-assign]
    changes: list[tuple[Any, str, Any]] = [
        (gate, "serialised", plain),
        (gate, "bump", lambda: None),
        (duty_changes, "bump", lambda: None),
        (duty_changes, "end_sessions_of", end_slowly),
        (identity_gate, "_pass_through", lambda: None),
        (assignments, "begin", begin),
    ]
    for module, name, value in changes:
        setattr(module, name, value)


def main() -> None:
    """Read an order, begin at the moment it names, write how it went; until the end."""
    for function in FUNCTIONS:
        functions.declare(function)
    for module in (assignments, role_changes):
        module.require_leave = lambda act, **about: None  # type: ignore[attr-defined]
    if "unguarded" in sys.argv:
        take_locks_away()
    connection.ensure_connection()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        time.sleep(max(0.0, order["at"] - time.time()))
        print(obey(order), flush=True)


if __name__ == "__main__":
    main()
