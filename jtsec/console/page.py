"""How every page of the console is drawn: its template in the frame with the menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .menu import sections_for


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
    known = {"sections": sections_for(request), **(context or {})}
    return render(request, template, known, status=status)
