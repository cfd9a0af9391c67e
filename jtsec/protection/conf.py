"""Settings of protected data."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_PROTECTION_")
class ProtectionSettings(Section):
    """Says how often sealed rows that nobody loads are looked at."""

    watch_seconds: int = option(
        60,
        "Seconds between two looks of one process at sealed rows, after its responses.",
        clause="A6.2",
        valid=between(1, 3600),
    )
    watch_rows: int = option(
        1000,
        "Sealed rows that one look verifies; the next one goes on behind them.",
        clause="A6.2",
        valid=between(1, 100_000),
    )


def protection_settings() -> ProtectionSettings:
    """Return the settings in force."""
    return load(ProtectionSettings)
