"""What a view says about itself: open to everybody, or behind a right."""

from __future__ import annotations

from collections.abc import Callable

from jtsec.core.exposure import Requirement, View, expose, public, signed_in

from .class_views import RequiresRightMixin

__all__ = ["RequiresRightMixin", "public", "requires", "signed_in"]


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
        return expose(view, requirement)

    return mark
