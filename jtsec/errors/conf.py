"""Settings of the errors."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_ERRORS_")
class ErrorSettings(Section):
    """Says how much of the sealed errors is kept."""

    retention_days: int = option(
        180,
        "Days a sealed error stays in the database.",
        clause="A10.1",
        valid=between(1, 3650),
    )
    same_per_minute: int = option(
        5,
        "Sealed errors of one place in the code that are stored within a minute; the "
        "page shows the code of every one.",
        clause="A10.1",
        valid=between(1, 1000),
    )
    all_per_minute: int = option(
        60,
        "Sealed errors that are stored within a minute, whatever their place.",
        clause="A10.1",
        valid=between(1, 10000),
    )


def error_settings() -> ErrorSettings:
    """Return the settings in force."""
    return load(ErrorSettings)
