"""
What a view demands of its caller, found out once a view.

In this order: what the project says of this one view in JTSEC_ACCESS_VIEWS, what the
view says by our decorators, what it says in the REST framework's words, what it says in
Django's (`login_required`, `permission_required`, `LoginRequiredMixin`,
`login_not_required`), and what is known of Django's admin. What the project says of a
whole namespace fills the gaps, and may be stricter than a view, never looser. A view
that says nothing is refused: an address somebody forgot is exactly the one an attacker
looks for (clause A3.1.1).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.mixins import AccessMixin
from django.urls import (
    NoReverseMatch,
    Resolver404,
    get_script_prefix,
    get_urlconf,
    resolve,
    reverse,
)

from jtsec.core.exposure import UNDECLARED, Requirement

from .conf import access_settings

_ADMIN = Requirement("login", origin="django.contrib.admin")
_STRICTNESS: Final = {"public": 0, "login": 1, "right": 2}


def requirement_of(view: Callable[..., Any], view_name: str) -> Requirement:
    """
    Return what a view demands.

    Args:
        view: the callback of the URL pattern.
        view_name: its name with namespaces (`admin:index`), "" when it has none.
    """
    return (
        _by_setting(view, view_name)
        or _stricter(_by_namespace(view_name), _by_itself(view, view_name))
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
    return _placed_as(names)


def _by_namespace(view_name: str) -> Requirement | None:
    parts = view_name.split(":")[:-1]
    return _placed_as(
        [":".join(parts[:end]) + ":*" for end in range(len(parts), 0, -1)]
    )


def _placed_as(names: list[str]) -> Requirement | None:
    placed = access_settings().views
    for name in names:
        if name in placed:
            return Requirement.parse(placed[name], "JTSEC_ACCESS_VIEWS")
    return None


def _stricter(
    placed: Requirement | None, own: Requirement | None
) -> Requirement | None:
    """
    Return the stricter of two; of two rights the view's own.

    Opening a namespace by one line must not open the one view in it that asks for a
    right.
    """
    if placed is None or own is None:
        return placed or own
    return own if _STRICTNESS[own.kind] >= _STRICTNESS[placed.kind] else placed


def _by_itself(view: Callable[..., Any], view_name: str) -> Requirement | None:
    by_decorator = _by_our_decorator(view)
    if by_decorator is not None:
        return by_decorator
    view_class = getattr(view, "cls", None)
    if isinstance(view_class, type) and hasattr(view_class, "permission_classes"):
        return _by_rest_framework(view_class)
    return _by_django(view) or _by_admin(view_name)


def _by_our_decorator(view: Callable[..., Any]) -> Requirement | None:
    found = getattr(view, "jtsec_requirement", None)
    return found if isinstance(found, Requirement) else None


def _by_rest_framework(view_class: type) -> Requirement | None:
    """
    Respect a permission that asks for a login; it runs again, inside.

    The framework marks every view of its own as needing no login, because another
    middleware is in its way. That mark is nobody's decision: taken at its word, a
    forgotten view would answer strangers, and a password that is due or an account
    that has expired would stop nobody there.
    """
    from rest_framework.permissions import (  # noqa: PLC0415 - optional
        DjangoModelPermissions,
        IsAdminUser,
        IsAuthenticated,
    )

    asking = (IsAuthenticated, IsAdminUser, DjangoModelPermissions)
    asks = any(
        isinstance(one, type) and issubclass(one, asking)
        for one in view_class.permission_classes  # type: ignore[attr-defined]  # asked above
    )
    return Requirement("login", origin="rest_framework") if asks else None


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
    if not view_name.startswith("admin:"):
        return None
    if not _is_djangos(get_urlconf() or settings.ROOT_URLCONF):
        return None
    if view_name in ("admin:login", "admin:logout", "admin:jsi18n"):
        return Requirement("public", origin="django.contrib.admin")
    return _ADMIN


@lru_cache(maxsize=8)
def _is_djangos(urlconf: str) -> bool:
    """
    Answer whether the namespace `admin` is that of Django's admin.

    A project may call its own pages so; nothing in them asks for staff.
    """
    try:
        address = reverse("admin:index", urlconf)
        # Below the prefix a server may have put the whole project under.
        path = "/" + address.removeprefix(get_script_prefix())
        index = resolve(path, urlconf).func
    except (NoReverseMatch, Resolver404):
        return False
    return hasattr(index, "admin_site")
