"""
What a view demands of its caller, found out once a view.

In this order: what the project says in JTSEC_ACCESS_VIEWS, what the view says by our
decorators, what it says by Django's own (`login_required`, `permission_required`,
`LoginRequiredMixin`, `login_not_required`), and what is known of Django's admin. A
view that says nothing is refused: an address somebody forgot is exactly the one an
attacker looks for (clause A3.1.1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.mixins import AccessMixin

from jtsec.core.exposure import UNDECLARED, Requirement

from .conf import access_settings

_ADMIN = Requirement("login", origin="django.contrib.admin")


def requirement_of(view: Callable[..., Any], view_name: str) -> Requirement:
    """
    Return what a view demands.

    Args:
        view: the callback of the URL pattern.
        view_name: its name with namespaces (`admin:index`), "" when it has none.
    """
    return (
        _by_setting(view, view_name)
        or _by_our_decorator(view)
        or _by_django(view)
        or _by_admin(view_name)
        or UNDECLARED
    )


def dotted_path(view: Callable[..., Any]) -> str:
    """Return the name by which a view without URL name can be placed in the setting."""
    target = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
    name = getattr(target, "__qualname__", type(target).__qualname__)
    return f"{target.__module__}.{name}"


def _by_setting(view: Callable[..., Any], view_name: str) -> Requirement | None:
    placed = access_settings().views
    if not placed:
        return None
    names = [view_name, dotted_path(view)] if view_name else [dotted_path(view)]
    parts = view_name.split(":")[:-1]
    names += [":".join(parts[:end]) + ":*" for end in range(len(parts), 0, -1)]
    for name in names:
        if name in placed:
            return Requirement.parse(placed[name], "JTSEC_ACCESS_VIEWS")
    return None


def _by_our_decorator(view: Callable[..., Any]) -> Requirement | None:
    found = getattr(view, "jtsec_requirement", None)
    return found if isinstance(found, Requirement) else None


def _by_django(view: Callable[..., Any]) -> Requirement | None:
    """
    Respect what a view says in Django's own words.

    `login_required` and its kin leave the address of their login page on the wrapper.
    Their own test still runs, inside; ours only makes sure that somebody is logged in.
    """
    if getattr(view, "login_required", True) is False:
        return Requirement("public", origin="login_not_required")
    if hasattr(view, "redirect_field_name") and hasattr(view, "login_url"):
        return Requirement("login", origin="login_required")
    view_class = getattr(view, "view_class", None)
    if isinstance(view_class, type) and issubclass(view_class, AccessMixin):
        return Requirement("login", origin=AccessMixin.__name__)
    return None


def _by_admin(view_name: str) -> Requirement | None:
    """The admin asks for staff and rights itself; being logged in comes first."""
    if view_name in ("admin:login", "admin:logout", "admin:jsi18n"):
        return Requirement("public", origin="django.contrib.admin")
    return _ADMIN if view_name.startswith("admin:") else None
