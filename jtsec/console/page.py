"""How every page of the console is drawn: its template in the frame with the menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .menu import sections_for

PLACES: Final = ("after", "before", "form", "page")
"""Parameters that say where in a list somebody is, not what they look for."""


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """
    Return a page of the console.

    Args:
        request: whose menu it is.
        template: a template that extends "jtsec/console/base.html".
        context: what it shows.
        status: the HTTP status.
    """
    known = {
        "sections": sections_for(request),
        "search": _search_in(request),
        **(context or {}),
    }
    return render(request, template, known, status=status)


def _search_in(request: HttpRequest) -> str:
    """Return the search in an address, without the place in the list."""
    asked = request.GET.copy()
    for name in PLACES:
        asked.pop(name, None)
    return asked.urlencode()
