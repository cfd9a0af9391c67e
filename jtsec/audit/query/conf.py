"""Settings of the audit's queries."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_AUDIT_QUERY_")
class QuerySettings(Section):
    """Says how much one question may take."""

    page_rows: int = option(
        50, "Events on one page.", clause="A5.10", valid=between(10, 200)
    )
    page_milliseconds: int = option(
        500,
        "Time in milliseconds after which a page stops looking and offers to go on.",
        clause="A5.10",
        valid=between(50, 60_000),
    )
    search_rows: int = option(
        20_000,
        "Events whose encrypted details one full-text search opens at most.",
        clause="A5.8",
        valid=between(100, 1_000_000),
    )
    search_milliseconds: int = option(
        3000,
        "Time in milliseconds after which a full-text search stops.",
        clause="A5.8",
        valid=between(50, 60_000),
    )
    export_rows: int = option(
        20_000,
        "Events that one export holds at most.",
        clause="A5.10",
        valid=between(100, 1_000_000),
    )
    statistics_days: int = option(
        366,
        "Days over which statistics are counted at most.",
        clause="A5.10",
        valid=between(1, 3660),
    )


def query_settings() -> QuerySettings:
    """Return the settings in force."""
    return load(QuerySettings)
