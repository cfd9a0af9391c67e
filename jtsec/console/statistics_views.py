"""Events counted, as a chart and as a table, over any filter (clause A5.10)."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.audit.query.api import (
    WAYS,
    Filter,
    FilterError,
    Line,
    Statistics,
    bars,
    count,
    ranks,
    shares,
)

from .filter_form import form_of, form_with_error
from .menu import AUDIT
from .page import show
from .readable_days import readable

TEMPLATE: Final = "jtsec/console/audit/statistics.html"
DRAWN: Final = 12
"""Lines that a chart of the busiest draws; the table has the others."""


@require_safe
@requires(AUDIT)
@never_cache
def statistics(request: HttpRequest) -> HttpResponse:
    """Count the events of a filter by day, user, organisation, action and more."""
    by = request.GET.get("by") or "day"
    try:
        filter = Filter.from_query(request.GET, beside=("by",))
        if any(not str(value).strip() for value in request.GET.values()):
            return redirect(f"{request.path}?{filter.as_address(by=by)}")
        counted = count(filter, by)
    except FilterError as error:
        return _nonsense(request, by, error)
    context: dict[str, Any] = {
        "form": form_of(filter, without=("details",)),
        "ways": _ways(by, filter.as_address),
        "by": by,
        "label": WAYS[by].label,
        "statistics": counted,
        "words": filter.as_words(),
        "lines": [(line, _list(filter, line)) for line in counted.lines],
        "drawing": _drawing(counted) if counted.total else "",
        "export": f"{reverse('jtsec-console:audit-statistics-file')}"
        f"?{filter.as_address(by=by)}",
    }
    return show(request, TEMPLATE, context)


def _ways(by: str, address: Any) -> list[tuple[str, Any, bool]]:
    return [
        (f"?{address(by=word)}", way.label, word == by) for word, way in WAYS.items()
    ]


def _nonsense(request: HttpRequest, by: str, error: FilterError) -> HttpResponse:
    known = by if by in WAYS else "day"
    context = {
        "form": form_with_error(request.GET, error, without=("details",)),
        "by": known,
        "error": error,
    }
    return show(request, TEMPLATE, context, status=400)


def _list(filter: Filter, line: Line) -> str:
    """Return the address of the events that a line counts, "" where there is none."""
    if not line.conditions or not line.count:
        return ""
    try:
        counted = filter.with_texts(line.conditions)
    # A column that holds what no filter takes: SQL changed it, or a project's job
    # has a star in its name. The others are counted all the same.
    except FilterError:
        return ""
    return f"{reverse('jtsec-console:audit-records')}?{counted.as_address()}"


def _drawing(counted: Statistics) -> str:
    title = str(WAYS[counted.by].label)
    shown = counted.lines
    if counted.by in ("day", "hour"):
        series = {
            _("Done"): [line.count - line.refused - line.failed for line in shown],
            _("Refused or failed"): [line.refused + line.failed for line in shown],
        }
        labels, series = readable([_short(line.label) for line in shown], series)
        return bars(title, labels, series)
    labels = [line.label for line in shown[:DRAWN]]
    counts = [line.count for line in shown[:DRAWN]]
    if counted.by in ("outcome", "severity", "duty"):
        return shares(title, labels, counts)
    return ranks(title, labels, counts)


def _short(label: str) -> str:
    """Return a day without its year: 07-01."""
    return label[5:] if len(label) == len("2026-07-01") else label
