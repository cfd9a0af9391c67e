"""Settings of the interfaces for programs: signatures, sizes, how many calls."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between, matching


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
    calls: int = option(
        600,
        "Calls that one caller may make in a minute, where a view says nothing else.",
        clause="A4.12",
        valid=between(1, 1_000_000),
    )
    warn_percent: int = option(
        80,
        "From which part of these calls on, in percent, it is told as a warning.",
        clause="A4.12",
        valid=between(1, 100),
    )
    body_bytes: int = option(
        1 << 20,
        "The largest body of a call that is read, in bytes, uploads apart.",
        clause="A8.1",
        valid=between(1 << 10, 64 << 20),
    )
    depth: int = option(
        20,
        "How deep lists and objects may stand in each other in JSON.",
        clause="A8.1",
        valid=between(2, 100),
    )
    items: int = option(
        10_000,
        "How many values JSON, or how many fields a form, may hold.",
        clause="A8.1",
        valid=between(10, 1_000_000),
    )
    schema_right: str = option(
        "",
        "The right that the description of the interfaces asks for; empty for "
        "everybody who is logged in.",
        clause="A4.13",
        valid=matching(
            r"|[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_.]*",
            gettext_noop('a right such as "permits.query_permit"'),
        ),
    )


def rest_settings() -> RestSettings:
    """Return the settings in force."""
    return load(RestSettings)
