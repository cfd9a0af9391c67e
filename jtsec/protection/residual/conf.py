"""Settings of residual data."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section


@settings_section("JTSEC_RESIDUAL_")
class ResidualSettings(Section):
    """Says where temporary files of sessions lie."""

    folder: str = option(
        "",
        "The folder that holds the temporary files of sessions, this machine's own; "
        "by default one of the process's user below the system's.",
        clause="A6.4",
    )


def residual_settings() -> ResidualSettings:
    """Return the settings in force."""
    return load(ResidualSettings)
