"""A search of the audit, from filter to page, with the record of who searched."""

from __future__ import annotations

from jtsec.audit.api import record

from .conf import query_settings
from .events import DetailsSearched, RecordsCounted, RecordsQueried
from .filtering import Filter
from .fulltext import Reader
from .overview import Overview, overview_of
from .paging import Page, after_milliseconds, page_of
from .position import Position
from .statistics import Statistics, statistics_of

LOG = "jtsec.auditrecord"


def find(
    filter: Filter,
    *,
    after: Position | None = None,
    before: Position | None = None,
    where: str = "records",
) -> Page:
    """
    Return one page of what a filter finds, and record the search (clause A5.1).

    A search is recorded once, not again for each page of it; one in the encrypted
    details each time, for each opens more of them. Whoever calls has made sure that
    the one who asks may read the details.

    Args:
        filter: what the events must meet.
        after: behind which place the page begins.
        before: in front of which place it ends.
        where: which page of the console asks.
    """
    if "details" in filter.conditions:
        return _find_in_details(filter, after, before, where)
    found = page_of(filter, after=after, before=before)
    if after is None and before is None:
        record(
            RecordsQueried(
                resource=f"{LOG}:{where}",
                conditions=spoken(filter),
                text=str(filter.value("text") or ""),
            )
        )
    return found


def _find_in_details(
    filter: Filter, after: Position | None, before: Position | None, where: str
) -> Page:
    chosen = query_settings()
    text = str(filter.value("details"))
    reader = Reader(text, chosen.search_rows)
    is_late = after_milliseconds(chosen.search_milliseconds)
    found = page_of(
        filter,
        after=after,
        before=before,
        accept=reader.accepts,
        is_over=lambda: reader.is_tired or is_late(),
    )
    record(
        DetailsSearched(
            resource=f"{LOG}:{where}",
            conditions=spoken(filter),
            text=text,
            opened=reader.looked,
            found=len(found.rows),
        )
    )
    return found


def count(filter: Filter, by: str) -> Statistics:
    """
    Count the events of a filter, and record that somebody did; see `statistics_of`.

    Raises:
        FilterError: there is nothing to count by that, or the period has no end.
    """
    counted = statistics_of(filter, by)
    conditions = spoken(filter) | {"by": by}
    record(RecordsCounted(resource=f"{LOG}:statistics", conditions=conditions))
    return counted


def survey(filter: Filter) -> Overview:
    """
    Return the overview of a filter's period, and record that somebody looked.

    Raises:
        FilterError: the period has no end or is too long.
    """
    seen = overview_of(filter)
    record(RecordsCounted(resource=f"{LOG}:overview", conditions=spoken(filter)))
    return seen


def spoken(filter: Filter) -> dict[str, str]:
    """Return a filter's conditions as its event says them, free words left out."""
    return filter.without("text", "details").as_texts()
