"""Takes what a filter finds out of the log, as a table that says who took it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import current

from .conf import query_settings
from .events import RecordsExported
from .exceptions import FilterError
from .filtering import Filter
from .paging import after_milliseconds, page_of
from .searching import LOG, spoken
from .statistics import WAYS, statistics_of
from .tables import FORMS, Head, Made, write_table

PORTION: Final = 500
MILLISECONDS: Final = 60_000
"""How long an export looks; what it holds by then is handed out, with a note."""

Rendered = Callable[[Sequence[AuditRecord]], Iterable[Sequence[str]]]


def take_records(
    filter: Filter, form: str, labels: Sequence[str], render: Rendered
) -> Made:
    """
    Return the events of a filter as a file, the newest first; recorded (A5.10).

    Args:
        filter: which events; at most as many as the settings allow.
        form: "csv" or "xlsx".
        labels: the heads of the columns.
        render: what makes the cells of some rows.

    Raises:
        FilterError: there is no such form, or it asks for encrypted details.
        LibraryMissing: the form needs a library that is not installed.
    """
    if "details" in filter.conditions:
        raise FilterError("details", _("Encrypted details cannot be exported."))
    head = _head(_("Audit records"), filter)
    rows = _rows(filter, head, render)
    return _made(filter, form, head, labels, rows, "records")


def take_statistics(filter: Filter, by: str, form: str) -> Made:
    """
    Return a table of statistics as a file; recorded.

    Raises:
        FilterError, LibraryMissing: see `take_records` and `statistics_of`.
    """
    counted = statistics_of(filter, by)
    label = str(WAYS[by].label)
    labels = (
        label,
        pgettext("jtsec", "Events"),
        _("Refused events"),
        _("Failed events"),
    )
    rows = (
        (line.label, str(line.count), str(line.refused), str(line.failed))
        for line in counted.lines
    )
    head = _head(_("Audit statistics"), filter)
    if counted.is_cut:
        head.note = _("Only the busiest are shown.")
    return _made(filter, form, head, labels, rows, f"statistics:{by}")


def _made(
    filter: Filter,
    form: str,
    head: Head,
    labels: Sequence[str],
    rows: Iterable[Sequence[str]],
    what: str,
) -> Made:
    if form not in FORMS:
        raise FilterError("form", _("Choose one of the list."))
    made = write_table(form, head, labels, rows)
    record(
        RecordsExported(
            resource=f"{LOG}:{what}",
            conditions=spoken(filter),
            text=str(filter.value("text") or ""),
            format=form,
            count=made.count,
            sm3=made.sm3,
        )
    )
    return made


def _head(title: str, filter: Filter) -> Head:
    actor = current().actor
    at = timezone.localtime(now()) if timezone.is_aware(now()) else now()
    return Head(
        title=title,
        who=f"{actor.name} ({actor.username}) {actor.uid}",
        when=f"{at:%Y-%m-%d %H:%M:%S %Z}".strip(),
        conditions="; ".join(f"{label}: {text}" for label, text in filter.as_words()),
    )


def _rows(filter: Filter, head: Head, render: Rendered) -> Iterator[Sequence[str]]:
    """Yield the cells, portion by portion; the head learns where they were cut."""
    most = query_settings().export_rows
    is_late = after_milliseconds(MILLISECONDS)
    taken, after = 0, None
    while True:
        size = min(PORTION, most - taken)
        page = page_of(filter, after=after, size=size, is_over=is_late)
        yield from render(page.rows)
        taken += len(page.rows)
        after = page.older
        if after is None:
            return
        if taken >= most:
            head.note = _(
                "Cut after %(count)d rows, the most that one export holds."
            ) % {"count": most}
            return
        if is_late():
            head.note = _("Cut for lack of time; choose a shorter period.")
            return
