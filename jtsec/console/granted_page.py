"""The page of what is granted now, where a person may be searched for instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from jtsec.access.models import AccessRow

from .granted import state_of
from .page import show
from .paging import slice_of
from .people import PersonSearch, people_asked_for


def show_granted(
    request: HttpRequest,
    template: str,
    granted: QuerySet[Any],
    *,
    view: str,
    beside: Callable[[Any], tuple[object, ...]] = lambda one: (),
    **context: object,
) -> HttpResponse:
    """
    Show rows with their state, or the people somebody searches for.

    Args:
        request: with what is searched for, if anything is.
        template: of the page.
        granted: the rows; each is somebody's.
        view: the name of a person's page.
        beside: returns what stands behind a row and its state.
        context: what else the template needs.
    """
    search = PersonSearch(request.GET)
    is_asked = any(request.GET.get(name) for name in search.fields)
    people = people_asked_for(request, search) if is_asked else None
    rows = granted.defer("identity__resident_id")
    page = None if is_asked else slice_of(request, rows)
    shown: list[AccessRow] = list(page.rows) if page else []
    context |= {
        "search": search,
        "is_asked": is_asked,
        "people": people,
        "view": view,
        "page": page,
        "rows": [(one, state_of(one), *beside(one)) for one in shown],
    }
    status = 400 if is_asked and people is None else 200
    return show(request, template, context, status=status)
