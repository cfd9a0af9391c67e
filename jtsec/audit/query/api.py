"""
The verbs of the audit's queries (clause A5.10).

    filter = Filter.from_query(request.GET)      # FilterError is a 400 with the field
    page = find(filter, after=Position.parse("after", …))
    table = statistics_of(filter, "organisation")

Charts are re-exported, so that pages draw what they count.
"""

from __future__ import annotations

from jtsec.audit.charts import bars, lines, ranks, shares

from .directory import Directory, Person, directory, register_directory
from .exceptions import FilterError
from .filtering import Filter
from .moments import PERIODS
from .overview import Overview, overview_of
from .paging import Page, page_of
from .parameters import PARAMETERS
from .position import Position
from .searching import find
from .statistics import WAYS, Line, Statistics, statistics_of

__all__ = [
    "PARAMETERS",
    "PERIODS",
    "WAYS",
    "Directory",
    "Filter",
    "FilterError",
    "Line",
    "Overview",
    "Page",
    "Person",
    "Position",
    "Statistics",
    "bars",
    "directory",
    "find",
    "lines",
    "overview_of",
    "page_of",
    "ranks",
    "register_directory",
    "shares",
    "statistics_of",
]
