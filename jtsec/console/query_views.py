"""The lists of events: all of them, the logins, and what is a matter of security."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.api import require_right
from jtsec.access.decorators import requires
from jtsec.audit.query.api import Filter, FilterError, Page, Position, find
from jtsec.core.exposure import Requirement

from .columns import COLUMNS, USUAL, Names, cells_of, chosen_columns
from .filter_form import form_of, form_with_error
from .menu import AUDIT
from .page import show

DETAILS: Final = "jtsec.read_audit_details"
BESIDE: Final = ("after", "before", "column")
TEMPLATE: Final = "jtsec/console/audit/records.html"


@dataclass(frozen=True)
class Listing:
    """
    One list of events.

    Args:
        view: its URL name.
        title: its head.
        clause: which clause it serves.
        fixed: conditions that make it what it is, by parameter.
        columns: what it shows unless the address says otherwise.
        empty: what to do where it shows nothing.
    """

    view: str
    title: str | Promise
    clause: str
    fixed: Mapping[str, str]
    columns: tuple[str, ...]
    empty: str | Promise


RECORDS: Final = Listing(
    "audit-records",
    _("Log query"),
    "A5.10",
    {},
    USUAL,
    _("No event meets these conditions. Choose a longer period, or fewer conditions."),
)
LOGINS: Final = Listing(
    "audit-logins",
    _("Login log"),
    "A5.1",
    {"code": "authentication:login:*"},
    ("at", "user", "subject", "address", "terminal", "action", "outcome", "reason"),
    _("Nobody logged in during this period. Choose a longer one."),
)
SECURITY: Final = Listing(
    "audit-security",
    _("Security events"),
    "A4.13",
    {"least": "warning"},
    ("at", "severity", "action", "user", "address", "resource", "reason"),
    _("Nothing of note happened in this period. Choose a longer one to look back."),
)


@require_safe
@requires(AUDIT)
@never_cache
def records(request: HttpRequest) -> HttpResponse:
    """List events by any conditions (clause A5.10)."""
    return _listed(request, RECORDS)


@require_safe
@requires(AUDIT)
@never_cache
def logins(request: HttpRequest) -> HttpResponse:
    """List logins, and those that were refused (clause A5.1)."""
    return _listed(request, LOGINS)


@require_safe
@requires(AUDIT)
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """List locks, calls without right, broken seals and attacks (clause A4.13)."""
    return _listed(request, SECURITY)


def _listed(request: HttpRequest, listing: Listing) -> HttpResponse:
    try:
        filter = Filter.from_query(request.GET, beside=BESIDE)
        columns = chosen_columns(request.GET.getlist("column"), listing.columns)
        after = _position(request, "after")
        before = _position(request, "before")
        if after is not None and before is not None:
            raise FilterError("before", str(_("There is no such page.")))
    except FilterError as error:
        return _nonsense(request, listing, error)
    if any(not str(value).strip() for value in request.GET.values()):
        # A form sends its empty fields too; the address somebody keeps has none.
        return redirect(f"{request.path}?{_address(filter, columns, listing)}")
    if "details" in filter.conditions:
        require_right(request, Requirement.for_right(DETAILS))
    whole = filter.with_conditions(**listing.fixed)
    page = find(whole, after=after, before=before, where=listing.view)
    return show(request, TEMPLATE, _context(filter, columns, listing, page))


def _position(request: HttpRequest, name: str) -> Position | None:
    text = request.GET.get(name, "")
    return Position.parse(name, text) if text else None


def _context(
    filter: Filter, columns: tuple[str, ...], listing: Listing, page: Page
) -> dict[str, Any]:
    names = Names.for_rows(page.rows)
    kept = _address(filter, columns, listing)
    whole = filter.with_conditions(**listing.fixed)
    return {
        "listing": listing,
        "form": form_of(filter, without=listing.fixed),
        "words": filter.as_words(),
        "head": [COLUMNS[name].label for name in columns],
        "rows": [
            {"event": row.event_id, "cells": list(cells_of(row, columns, names))}
            for row in page.rows
        ],
        "columns": [
            (name, one.label, name in columns) for name, one in COLUMNS.items()
        ],
        "older": f"?{kept}&after={page.older.as_text()}" if page.older else "",
        "newer": f"?{kept}&before={page.newer.as_text()}" if page.newer else "",
        "newest": f"?{kept}" if page.newer else "",
        "looked_back_to": page.looked_back_to,
        "wider": f"?{filter.over('year').as_address()}" if not page.rows else "",
        "export": _elsewhere("audit-export", whole),
        "statistics": _elsewhere("audit-statistics", whole),
    }


def _elsewhere(view: str, filter: Filter) -> str:
    return f"{reverse(f'jtsec-console:{view}')}?{filter.as_address()}"


def _address(filter: Filter, columns: tuple[str, ...], listing: Listing) -> str:
    chosen = () if columns == listing.columns else columns
    return "&".join(
        part
        for part in (filter.as_address(), urlencode({"column": chosen}, doseq=True))
        if part
    )


def _nonsense(
    request: HttpRequest, listing: Listing, error: FilterError
) -> HttpResponse:
    """Answer a filter that makes no sense: status 400, and the field that is wrong."""
    context = {
        "listing": listing,
        "form": form_with_error(request.GET, error, without=listing.fixed),
        "error": error,
        "columns": [(name, one.label, False) for name, one in COLUMNS.items()],
    }
    return show(request, TEMPLATE, context, status=400)
