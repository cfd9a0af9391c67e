"""Settings of verification."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_AUDIT_VERIFY_")
class VerifyingSettings(Section):
    """Says from when on a verification speaks up about what waits."""

    unsealed_seconds: int = option(
        600,
        "Seconds that records may wait for their seal before a verification says so.",
        clause="A5.8",
        valid=between(10, 86_400),
    )
    late_hours: int = option(
        24,
        "Hours that a transaction may have been open whose record is sealed late; one "
        "that was sealed later than that was put there.",
        clause="A5.8",
        valid=between(1, 168),
    )


def verifying_settings() -> VerifyingSettings:
    """Return the settings in force."""
    return load(VerifyingSettings)
