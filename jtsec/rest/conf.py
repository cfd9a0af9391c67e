"""Settings of the interfaces for programs: signatures, sizes, how many calls."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_REST_")
class RestSettings(Section):
    """Says what a call of an interface may look like, and how often it may come."""

    signature_seconds: int = option(
        300,
        "Seconds that the time of a signed request may differ from the server's clock.",
        clause="A4.13",
        valid=between(10, 900),
    )
    client_days: int = option(
        365,
        "Days for which a terminal's or service's key is registered at most.",
        clause="A3.2.8",
        valid=between(1, 1095),
    )


def rest_settings() -> RestSettings:
    """Return the settings in force."""
    return load(RestSettings)
