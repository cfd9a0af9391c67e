"""Every function: what it demands, which views ask for it, which roles give it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.contrib.auth import get_permission_codename

from .exposure_map import exposed_views
from .functions import Function, function_of, functions, stand_in
from .policy import current

MARKS: Final = (
    *("by_duty", "police_only", "critical", "core", "propagatable", "set_up"),
)


@dataclass(frozen=True)
class ListedFunction:
    """
    One function as the list shows it.

    Args:
        function: what it demands.
        is_declared: False for a right that a view names and nobody declared.
        views: the names of the views that ask for it.
        roles: the codes of the roles that give it.
    """

    function: Function
    is_declared: bool
    views: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        """Return the names of the attributes that are set."""
        return tuple(name for name in MARKS if getattr(self.function, name))


def listed_functions() -> list[ListedFunction]:
    """
    Return the declared functions and those that views ask for, by right.

    A function that no view asks for is used by code alone, or by nobody.
    """
    views: dict[str, set[str]] = {}
    for view in exposed_views():
        for right in view.rights:
            views.setdefault(right, set()).add(view.name)
    roles: dict[str, set[str]] = {}
    for role in current().roles.values():
        for right in role.rights:
            roles.setdefault(right, set()).add(role.code)
    return [
        ListedFunction(
            function_of(right) or stand_in(right),
            function_of(right) is not None,
            tuple(sorted(views.get(right, ()))),
            tuple(sorted(roles.get(right, ()))),
        )
        for right in sorted({one.right for one in functions()} | views.keys())
    ]


def names_of_models() -> frozenset[str]:
    """Return the names of the permissions that models bring; asks no database."""
    return frozenset(_names_of_models())


def _names_of_models() -> Iterator[str]:
    for model in apps.get_models():
        meta = model._meta
        for action in meta.default_permissions:
            yield f"{meta.app_label}.{get_permission_codename(action, meta)}"
        for codename, _ in meta.permissions:
            yield f"{meta.app_label}.{codename}"
