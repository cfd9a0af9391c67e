"""The reports about the log: as a page, and to take away (clauses A5.10, P43, P47)."""

from __future__ import annotations

import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.audit.reports.api import (
    FORMS,
    KINDS,
    Document,
    LibraryMissing,
    chapters,
    last_month,
    make,
    period_of,
    today,
    write,
)
from jtsec.authentication.conf import page_settings
from jtsec.core.context import current
from jtsec.core.exceptions import InputError

from .menu import AUDIT
from .page import show


@require_safe
@requires(AUDIT)
@never_cache
def reports(request: HttpRequest) -> HttpResponse:
    """Ask which report, of which period; or lead to it."""
    kind = request.GET.get("kind", "")
    period = request.GET.get("period", "")
    if not kind and not period:
        return _ask(request, "monthly", last_month())
    try:
        period_of(kind, period)
    except InputError as error:
        return _ask(request, kind, period, error)
    return redirect("jtsec-console:report", kind=kind, period=period)


@require_safe
@requires(AUDIT)
@never_cache
def report(request: HttpRequest, kind: str, period: str) -> HttpResponse:
    """Show a report."""
    try:
        document = _make(kind, period)
    except InputError as error:
        return _ask(request, kind, period, error)
    files = [
        (form, reverse("jtsec-console:report-file", args=(kind, period, form)))
        for form in FORMS
    ]
    context = {"document": document, "chapters": chapters(document), "files": files}
    return show(request, "jtsec/console/reports/report.html", context)


@require_safe
@requires(AUDIT)
@never_cache
def report_file(
    request: HttpRequest, kind: str, period: str, form: str
) -> HttpResponse:
    """Hand out a report as a file."""
    file = io.BytesIO()
    try:
        if form not in FORMS:
            raise InputError(_("There is no such form."), field="form", code="unknown")
        write(_make(kind, period, form), form, file)
    except InputError as error:
        return _ask(request, kind, period, error)
    except LibraryMissing as error:
        return _ask(request, kind, period, InputError(str(error), field="form"), 503)
    name = f"{kind}-{period}.{form}"
    response = HttpResponse(file.getvalue(), content_type=FORMS[form].content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _make(kind: str, period: str, form: str = "page") -> Document:
    pages, actor = page_settings(), current().actor
    return make(
        kind,
        period_of(kind, period),
        maker=f"{actor.name} ({actor.username})",
        system=pages.system_name,
        organisation=pages.organisation,
        form=form,
    )


def _ask(
    request: HttpRequest,
    kind: str,
    period: str,
    error: InputError | None = None,
    status: int = 400,
) -> HttpResponse:
    """Show the form, with what is wrong about what was asked."""
    context = {
        "kinds": [(code, one.title) for code, one in KINDS.items()],
        "kind": kind,
        "period": period,
        "example_day": today().isoformat(),
        "example_month": last_month(),
        "error": error,
    }
    template = "jtsec/console/reports/reports.html"
    return show(request, template, context, status=status if error else 200)
