"""Settings of masked values."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_MASKING_")
class MaskingSettings(Section):
    """Says how freely masked values are seen in clear, and how many leave at once."""

    clear_views_per_hour: int = option(
        60,
        "Rows of which one person may see personal fields in clear in an hour.",
        clause="T7.2",
        valid=between(1, 100_000),
        floor=between(1, 1000),
    )
    export_rows: int = option(
        10_000,
        "Rows that one export of masked rows holds at most.",
        clause="T7.2",
        valid=between(1, 1_000_000),
    )


def masking_settings() -> MaskingSettings:
    """Return the settings in force."""
    return load(MaskingSettings)
