"""Settings of the watch for attacks."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import between


@settings_section("JTSEC_AUDIT_ATTACK_")
class AttackSettings(Section):
    """Says how attacks that go on are summed up, so that they do not fill the log."""

    seconds: int = option(
        60,
        "Seconds after the first event of one kind from one source until the next, "
        "which counts those between; doubled up to an hour while it goes on.",
        clause="T6.3",
        valid=between(1, 3600),
    )
    sources: int = option(
        60,
        "Sources of one kind of attack that get an event of their own within these "
        "seconds; the rest is summed up as one.",
        clause="T6.3",
        valid=between(1, 10_000),
    )
    flood: int = option(
        100,
        "Refused or failed requests of one source within a minute that are a flood.",
        clause="T6.3",
        valid=between(10, 100_000),
    )


def attack_settings() -> AttackSettings:
    """Return the settings in force."""
    return load(AttackSettings)
