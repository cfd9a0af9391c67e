"""The lists of events: all of them, the logins, and what is a matter of security."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from jtsec.access.decorators import requires
from jtsec.audit.query.api import Filter, FilterError, Position, find
from jtsec.core.context import current

from .columns import COLUMNS, USUAL, Names, cells_of, chosen_columns
from .filter_form import form_of, form_with_error
from .menu import AUDIT
from .page import show
from .saved_searches import kept_by

DETAILS: Final = "jtsec.read_audit_details"
BESIDE: Final = ("after", "before", "column", "csrfmiddlewaretoken")
TEMPLATE: Final = "jtsec/console/audit/records.html"
DETAILS_VIEW: Final = "audit-details"


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

    @property
    def address(self) -> str:
        """Return its URL name with the namespace."""
        return f"jtsec-console:{self.view}"


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
    (
        *("at", "user", "subject", "method", "address"),
        *("action", "outcome", "reason", "session"),
    ),
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


@require_POST
@csrf_protect
@requires(DETAILS)
@never_cache
def details(request: HttpRequest) -> HttpResponse:
    """
    List events whose encrypted details hold some words; each search is recorded.

    The words are posted: in an address, an ID number would stay in the browser's
    history and in every log on the way.
    """
    try:
        asked = _asked(request.POST, RECORDS)
        if "details" not in asked.filter.conditions:
            raise FilterError("details", str(_("Write what to look for.")))
        context = _context(asked, RECORDS, DETAILS_VIEW)
    except FilterError as error:
        return _nonsense(request, RECORDS, error)
    return show(request, TEMPLATE, context)


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


@dataclass(frozen=True)
class Asked:
    """What an address or a form asks for."""

    filter: Filter
    columns: tuple[str, ...]
    after: Position | None
    before: Position | None


def _listed(request: HttpRequest, listing: Listing) -> HttpResponse:
    try:
        if "details" in request.GET:
            raise FilterError("details", str(_("Use the form for encrypted details.")))
        asked = _asked(request.GET, listing)
        if any(not str(value).strip() for value in request.GET.values()):
            # A form sends its empty fields too; the address somebody keeps has none.
            kept = _address(asked.filter, asked.columns, listing)
            return redirect(f"{request.path}?{kept}")
        context = _context(asked, listing, listing.view)
    except FilterError as error:
        return _nonsense(request, listing, error)
    return show(request, TEMPLATE, context)


def _asked(query: QueryDict, listing: Listing) -> Asked:
    filter = Filter.from_query(query, beside=BESIDE)
    names = [str(name) for name in query.getlist("column")]
    columns = chosen_columns(names, listing.columns)
    after, before = _position(query, "after"), _position(query, "before")
    if after is not None and before is not None:
        raise FilterError("before", str(_("There is no such page.")))
    return Asked(filter, columns, after, before)


def _position(query: QueryDict, name: str) -> Position | None:
    text = str(query.get(name, ""))
    return Position.parse(name, text) if text else None


def _context(asked: Asked, listing: Listing, where: str) -> dict[str, Any]:
    whole = asked.filter.with_conditions(**listing.fixed)
    page = find(whole, after=asked.after, before=asked.before, where=where)
    names = Names.for_rows(page.rows)
    is_posted = where == DETAILS_VIEW
    plain = asked.filter.without("details")
    kept = _address(plain, asked.columns, listing)
    return {
        "listing": listing,
        "form": form_of(plain, without=listing.fixed),
        "details": str(asked.filter.value("details") or ""),
        "hidden": _hidden(asked, listing),
        "can_read_details": listing is RECORDS,
        "is_posted": is_posted,
        "head": [COLUMNS[name].label for name in asked.columns],
        "rows": [
            {"event": row.event_id, "cells": list(cells_of(row, asked.columns, names))}
            for row in page.rows
        ],
        "columns": [
            (name, one.label, name in asked.columns) for name, one in COLUMNS.items()
        ],
        "kept": kept,
        "kept_searches": kept_by(current().actor.uid, listing.view),
        "older": page.older.as_text() if page.older else "",
        "newer": page.newer.as_text() if page.newer else "",
        "looked_back_to": page.looked_back_to,
        "wider": f"?{plain.over('year').as_address()}"
        if not (page.rows or is_posted)
        else "",
        "export": _elsewhere("audit-export", whole) if not is_posted else "",
        "statistics": _elsewhere("audit-statistics", _countable(whole))
        if not is_posted
        else "",
    }


def _hidden(asked: Asked, listing: Listing) -> list[tuple[str, str]]:
    """Return what a posted search carries along: its conditions and its columns."""
    fields = list(asked.filter.without("details").as_texts().items())
    if asked.columns != listing.columns:
        fields += [("column", name) for name in asked.columns]
    return fields


def _countable(filter: Filter) -> Filter:
    """Return the filter over a period that statistics take: a year at the most."""
    is_all = filter.as_texts().get("period") == "all"
    return filter.over("year") if is_all else filter


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
    sent = request.POST if request.method == "POST" else request.GET
    context = {
        "listing": listing,
        "form": form_with_error(sent, error, without=listing.fixed),
        "error": error,
        "columns": [(name, one.label, False) for name, one in COLUMNS.items()],
    }
    return show(request, TEMPLATE, context, status=400)
