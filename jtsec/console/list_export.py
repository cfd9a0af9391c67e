"""
Lists of the console as files, with a head that says who took what (clause A5.1).

The head names who, when, under which conditions, how many rows, and their SM3; the
event says the same, so that a copy which turns up somewhere leads to who took it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.query.api import FORMS, Head, LibraryMissing, Made, write_table
from jtsec.audit.query.conf import query_settings
from jtsec.core.clock import now, shown
from jtsec.core.context import current

from .events import ListExported
from .page import show

TEMPLATE = "jtsec/console/not_exported.html"


def export_list(
    request: HttpRequest,
    name: str,
    title: str,
    labels: Sequence[str],
    rows: Iterable[Sequence[object]],
    conditions: Mapping[str, str],
) -> HttpResponseBase:
    """
    Return a list as the file that the address asks for; recorded.

    Args:
        request: its parameter `form` is "csv" or "xlsx".
        name: what the file and the event call the list.
        title: what people call it.
        labels: the heads of its columns.
        rows: its rows; as many as one export may hold are read.
        conditions: the search in words, label to value.
    """
    form = request.GET.get("form", "")
    if form not in FORMS:
        return _not(request, _("Choose one of the list."), 400)
    head = _head(title, conditions)
    try:
        made = write_table(form, head, labels, _cut(rows, head))
    except LibraryMissing as error:
        return _not(request, str(error), 503)
    record(
        ListExported(
            resource=f"console:{name}",
            conditions=conditions,
            format=form,
            count=made.count,
            sm3=made.sm3,
        )
    )
    return _file(made, name, form)


def refuse_nonsense(request: HttpRequest) -> HttpResponse:
    """Answer a search that makes no sense: nothing is taken out."""
    return _not(request, _("The search makes no sense. Go back to the list."), 400)


def words_of(form: forms.Form) -> dict[str, str]:
    """Return what a search asked for, in the words of its form."""
    return {
        str(form.fields[name].label): str(value)
        for name, value in form.cleaned_data.items()
        if value and name in form.fields
    }


def _file(made: Made, name: str, form: str) -> FileResponse:
    at = timezone.localtime(now()) if timezone.is_aware(now()) else now()
    return FileResponse(
        made.file,
        as_attachment=True,
        filename=f"jtsec-{name}-{at:%Y%m%d-%H%M%S}.{form}",
        content_type=FORMS[form],
    )


def _head(title: str, conditions: Mapping[str, str]) -> Head:
    actor = current().actor
    return Head(
        title=title,
        who=f"{actor.name} ({actor.username}) {actor.uid}",
        when=shown(now()),
        conditions="; ".join(f"{label}: {one}" for label, one in conditions.items()),
    )


def _cut(rows: Iterable[Sequence[object]], head: Head) -> Iterator[Sequence[str]]:
    """Yield as many rows as one export holds; the head learns where they were cut."""
    most = query_settings().export_rows
    found = iter(rows)
    for row in islice(found, most):
        yield ["" if cell is None else str(cell) for cell in row]
    if next(found, None) is not None:
        head.note = _("Cut after %(count)d rows, the most that one export holds.") % {
            "count": most
        }


def _not(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return show(request, TEMPLATE, {"sentence": sentence}, status=status)
