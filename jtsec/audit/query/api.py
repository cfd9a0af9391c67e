"""
The verbs of the audit's queries (clause A5.10).

    filter = Filter.from_query(request.GET)      # FilterError is a 400 with the field
    page = find(filter, after=Position.parse("after", …))
    table = statistics_of(filter, "organisation")

Charts are re-exported, so that pages draw what they count.
"""

from __future__ import annotations

from jtsec.audit.charts import bars, lines, ranks, shares

from .detail import Change, Detail, data_of, detail_of, opened_detail_of
from .directory import (
    MOST_PEOPLE,
    Directory,
    Person,
    directory,
    register_directory,
)
from .exceptions import FilterError
from .filtering import Filter
from .moments import PERIODS
from .overview import Overview, overview_of
from .own_logins import OwnLogins, logins_of
from .paging import Page, page_of
from .parameters import DUTIES, KINDS, OUTCOMES, PARAMETERS, SEVERITIES, Choices
from .position import Position
from .searching import count, find, survey
from .states import State, state_of
from .statistics import WAYS, Line, Statistics, statistics_of
from .tables import FORMS, Head, LibraryMissing, Made, write_table
from .taking import take_records, take_statistics

__all__ = [
    "DUTIES",
    "FORMS",
    "KINDS",
    "MOST_PEOPLE",
    "OUTCOMES",
    "PARAMETERS",
    "PERIODS",
    "SEVERITIES",
    "WAYS",
    "Change",
    "Choices",
    "Detail",
    "Directory",
    "Filter",
    "FilterError",
    "Head",
    "LibraryMissing",
    "Line",
    "Made",
    "Overview",
    "OwnLogins",
    "Page",
    "Person",
    "Position",
    "State",
    "Statistics",
    "bars",
    "count",
    "data_of",
    "detail_of",
    "directory",
    "find",
    "lines",
    "logins_of",
    "opened_detail_of",
    "overview_of",
    "page_of",
    "ranks",
    "register_directory",
    "shares",
    "state_of",
    "statistics_of",
    "survey",
    "take_records",
    "take_statistics",
    "write_table",
]
