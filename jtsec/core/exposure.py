"""
What a view says about itself: open to everybody, to who is logged in, or by a right.

The marks live here, low, so that the pages of every control can carry them;
`jtsec.access` reads them and decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

RIGHT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_.]*")

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Requirement:
    """
    What must hold before a view runs.

    Args:
        kind: "public", "login", "right" or "undeclared".
        right: the permission name where kind is "right".
        origin: where it was said, for the check and the report.
    """

    kind: str
    right: str = ""
    origin: str = "decorator"

    @classmethod
    def for_right(cls, right: str, origin: str = "decorator") -> Requirement:
        """
        Return the requirement of one right.

        Raises:
            ValueError: the name is not of the form `app.operation_thing`.
        """
        if not RIGHT.fullmatch(right):
            raise ValueError(f"{right!r} is not a right: app.operation_thing")
        return cls("right", right, origin)

    @classmethod
    def parse(cls, text: str, origin: str) -> Requirement:
        """Return the requirement a setting spells out."""
        if text in ("public", "login"):
            return cls(text, origin=origin)
        return cls.for_right(text, origin)


PUBLIC = Requirement("public")
LOGIN = Requirement("login")
UNDECLARED = Requirement("undeclared", origin="none")


def public(view: View) -> View:
    """
    Open a view to visitors who are not registered (clause A3.1.1).

    Everything else is closed; the check `jtsec.I200` lists what is open.
    """
    return expose(view, PUBLIC)


def signed_in(view: View) -> View:
    """Open a view to everybody who is registered and logged in."""
    return expose(view, LOGIN)


def expose(view: View, requirement: Requirement) -> View:
    """
    Leave a requirement on a view; the middleware reads it there.

    It is left on the function itself and not on a wrapper, so that decorators above
    which keep `__dict__` (all that use functools.wraps) keep the requirement too. A
    decorator that drops it closes the view, never opens it.

    Raises:
        TypeError: for a class, whose `as_view()` would not carry it; for a view that
            says something else already. The same function placed at two addresses,
            once public and once behind a right, would be open at both.
    """
    if isinstance(view, type):
        raise TypeError(
            "decorate with method_decorator(..., name='dispatch'), not the class itself"
        )
    said = getattr(view, "jtsec_requirement", requirement)
    if said != requirement:
        raise TypeError(
            f"the view says {said.right or said.kind} already; "
            "write a second one that calls it"
        )
    view.jtsec_requirement = requirement  # type: ignore[attr-defined]  # ours to set
    return view
