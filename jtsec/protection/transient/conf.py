"""Settings of transient data."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_TRANSIENT_")
class TransientSettings(Section):
    """Says how long and how much is kept for one use."""

    minutes: int = option(
        60,
        "Minutes after which a transient entry ends, whatever else does not.",
        clause="T7.4",
        valid=between(1, 100_000),
        floor=between(1, 1440),
    )
    largest_bytes: int = option(
        1_000_000,
        "Bytes that one transient entry holds at most.",
        clause="T7.4",
        valid=between(1, 16_000_000),
    )


def transient_settings() -> TransientSettings:
    """Return the settings in force."""
    return load(TransientSettings)
