"""Settings of the audit."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import at_least


@settings_section("JTSEC_AUDIT_")
class AuditSettings(Section):
    """Says how long events stay."""

    retention_days: int = option(
        400,
        "Days an event stays in the database before it may leave into an archive.",
        clause="A5.9",
        valid=at_least(1),
        floor=at_least(365),
    )


def audit_settings() -> AuditSettings:
    """Return the settings in force."""
    return load(AuditSettings)
