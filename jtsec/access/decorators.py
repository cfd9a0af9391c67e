"""What a view says about itself: open to everybody, or behind a right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .requirements import LOGIN, PUBLIC, Requirement

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """
    Open a view to visitors who are not registered (clause A3.1.1).

    Everything else is closed; the check `jtsec.W200` lists what is open.
    """
    return _mark(view, PUBLIC)


def signed_in(view: View) -> View:
    """Open a view to everybody who is registered and logged in."""
    return _mark(view, LOGIN)


def requires(right: str) -> Callable[[View], View]:
    """
    Put a view behind a right, decided before the view runs (clause A4.3).

    Args:
        right: a Django permission name, `app.operation_thing`.

    Raises:
        ValueError: at import, when the name cannot be a right; a misspelt right
            would otherwise be found out by a visitor.
    """
    requirement = Requirement.for_right(right)

    def mark(view: View) -> View:
        return _mark(view, requirement)

    return mark


def _mark(view: View, requirement: Requirement) -> View:
    """
    Leave the requirement on the function; the middleware reads it there.

    It is left on the function itself and not on a wrapper, so that decorators above
    which keep `__dict__` (all that use functools.wraps) keep the requirement too. A
    decorator that drops it closes the view, never opens it.
    """
    if isinstance(view, type):
        raise TypeError(
            "decorate the method with method_decorator(..., name='dispatch'), "
            "not the class"
        )
    view.jtsec_requirement = requirement  # type: ignore[attr-defined]  # ours to set
    return view
