"""Tables of events and of statistics as files (clause A5.10); each is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires
from jtsec.audit.models import AuditRecord
from jtsec.audit.query.api import (
    FORMS,
    Filter,
    FilterError,
    LibraryMissing,
    Made,
    take_records,
    take_statistics,
)
from jtsec.audit.query.conf import query_settings
from jtsec.core.clock import now

from .columns import COLUMNS, Names, cells_of
from .menu import AUDIT
from .page import show

TEMPLATE: Final = "jtsec/console/audit/export.html"


@require_safe
@requires(AUDIT)
@never_cache
def export(request: HttpRequest) -> HttpResponseBase:
    """Say what an export will hold and that it is recorded; or hand it out."""
    labels = (_("Event number"), *(str(column.label) for column in COLUMNS.values()))
    try:
        filter = Filter.from_query(request.GET, beside=("form",))
        form = request.GET.get("form", "")
        if not form:
            return _asked(request, filter)
        made = take_records(filter, form, labels, _rendered)
    except (FilterError, LibraryMissing) as error:
        return _refused(request, error)
    return _file(made, "jtsec-audit", form)


@require_safe
@requires(AUDIT)
@never_cache
def statistics_file(request: HttpRequest) -> HttpResponseBase:
    """Hand out a table of statistics."""
    by = request.GET.get("by", "day")
    form = request.GET.get("form", "csv")
    try:
        filter = Filter.from_query(request.GET, beside=("by", "form"))
        made = take_statistics(filter, by, form)
    except (FilterError, LibraryMissing) as error:
        return _refused(request, error)
    return _file(made, f"jtsec-audit-{by}", form)


def _rendered(rows: Sequence[AuditRecord]) -> Iterator[list[str]]:
    names = Names.for_rows(rows)
    for row in rows:
        cells = (cell.text for cell in cells_of(row, COLUMNS, names))
        yield [str(row.event_id), *cells]


def _asked(request: HttpRequest, filter: Filter) -> HttpResponseBase:
    context: dict[str, Any] = {
        "words": filter.as_words(),
        "most": query_settings().export_rows,
        "files": [(form, f"?{filter.as_address(form=form)}") for form in FORMS],
        "back": filter.as_address(),
    }
    return show(request, TEMPLATE, context)


def _refused(request: HttpRequest, error: Exception) -> HttpResponseBase:
    is_ours = isinstance(error, FilterError)
    context = {"error": error if is_ours else None, "sentence": str(error)}
    return show(request, TEMPLATE, context, status=400 if is_ours else 503)


def _file(made: Made, name: str, form: str) -> FileResponse:
    at = timezone.localtime(now()) if timezone.is_aware(now()) else now()
    return FileResponse(
        made.file,
        as_attachment=True,
        filename=f"{name}-{at:%Y%m%d-%H%M%S}.{form}",
        content_type=FORMS[form],
    )
