"""Settings of sealing."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_AUDIT_SEAL_")
class SealingSettings(Section):
    """Says how often records are sealed, and when their wait is an alarm."""

    seconds: int = option(
        5,
        "Seconds after which a process seals again, after a response or in a loop.",
        clause="A5.8",
        valid=between(1, 3600),
    )
    batch: int = option(
        10_000,
        "Records that one checkpoint takes at most.",
        clause="A5.8",
        valid=between(1, 100_000),
    )
    lag_seconds: int = option(
        60,
        "Seconds that a record may wait for its seal before that is an alarm.",
        clause="A5.8",
        valid=between(1, 86_400),
    )
    gap_hours: int = option(
        1,
        "Hours for which a missing number may still turn out to be a transaction that "
        "was open; on MySQL alone, PostgreSQL and SQLite know it exactly.",
        clause="A5.8",
        valid=between(1, 168),
    )


def sealing_settings() -> SealingSettings:
    """Return the settings in force."""
    return load(SealingSettings)
