"""What was looked at and is no secret."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section


@settings_section("JTSEC_SECRETS_")
class SecretsSettings(Section):
    """Says which findings of the search are none."""

    reviewed: tuple[str, ...] = option(
        (),
        "Findings of the search for plaintext secrets that were looked at and are "
        "none, each as the check names it: `path:NAME` or `settings:NAME`.",
        clause="A10.3",
    )


def secrets_settings() -> SecretsSettings:
    """Return the settings in force."""
    return load(SecretsSettings)
