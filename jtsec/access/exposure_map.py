"""Every view of the project and what it demands, read from the URL configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver

from jtsec.core.exposure import Requirement

from .requirements import dotted_path, requirement_of

SESSIONLESS: Final = frozenset(
    f"rest_framework.authentication.{name}"
    for name in ("BasicAuthentication", "TokenAuthentication")
)


@dataclass(frozen=True)
class ExposedView:
    """
    One view as visitors can reach it.

    Args:
        route: its address pattern.
        name: its URL name, or its path where it has none, with its namespaces; the
            name to place it by in JTSEC_ACCESS_VIEWS.
        path: its dotted path.
        requirement: what it demands.
        rights: the rights it asks for, at its door or inside, as far as it says so.
        sessionless: the authentication of the REST framework that it takes and that
            starts no session.
    """

    route: str
    name: str
    path: str
    requirement: Requirement
    rights: tuple[str, ...] = ()
    sessionless: tuple[str, ...] = ()


def exposed_views() -> Iterator[ExposedView]:
    """Yield every view of the root URL configuration, in its order."""
    yield from _walk(get_resolver().url_patterns, "", ())


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str, spaces: tuple[str, ...]
) -> Iterator[ExposedView]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            yield _exposed(pattern.callback, route, pattern.name, spaces)


def _exposed(
    view: Callable[..., Any], route: str, name: str | None, spaces: tuple[str, ...]
) -> ExposedView:
    path = dotted_path(view)
    # Django names a view without a name by its path, within its namespaces.
    full = ":".join((*spaces, name or path))
    requirement = requirement_of(view, full)
    rights = tuple(sorted({requirement.right, *_rights_inside(view)} - {""}))
    return ExposedView(route, full, path, requirement, rights, _sessionless(view))


def _rights_inside(view: Callable[..., Any]) -> Iterator[str]:
    """Yield the rights that permission classes of the REST framework name."""
    for one in getattr(getattr(view, "cls", None), "permission_classes", ()):
        yield str(getattr(one, "right", ""))
        yield from map(str, getattr(one, "by_method", {}).values())


def _sessionless(view: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of such classes, and of those that a project made of them."""
    named = "authentication_classes"
    classes = getattr(getattr(view, "cls", None), named, ())
    classes = getattr(view, "initkwargs", {}).get(named, classes)
    return tuple(
        one.__name__
        for one in classes
        if isinstance(one, type)
        and any(
            f"{base.__module__}.{base.__name__}" in SESSIONLESS for base in one.__mro__
        )
    )
