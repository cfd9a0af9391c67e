"""Every view of the project and what it demands, read from the URL configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from jtsec.core.exposure import Requirement

from .requirements import dotted_path, requirement_of


@dataclass(frozen=True)
class ExposedView:
    """
    One view as visitors can reach it.

    Args:
        route: its address pattern.
        name: its URL name with namespaces, "" when it has none.
        path: its dotted path.
        requirement: what it demands.
    """

    route: str
    name: str
    path: str
    requirement: Requirement

    @property
    def key(self) -> str:
        """Return the name to place it by in JTSEC_ACCESS_VIEWS."""
        return self.name or self.path


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
    full = ":".join((*spaces, name)) if name else ""
    return ExposedView(route, full, dotted_path(view), requirement_of(view, full))
