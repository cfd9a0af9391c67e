"""Settings of the formats that differ from place to place."""

from __future__ import annotations

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import pattern


@settings_section("JTSEC_VALIDATION_")
class ValidationSettings(Section):
    """Says what the local numbers look like."""

    police_number_pattern: str = option(
        r"^\d{6}$",
        "The form of a police number, as a regular expression over ASCII.",
        clause="A8.1",
        valid=pattern(),
    )
    employee_number_pattern: str = option(
        r"^[A-Z0-9][A-Z0-9-]{1,31}$",
        "The form of the number of somebody who is not a police officer.",
        clause="A8.1",
        valid=pattern(),
    )
    foreign_resident_ids: bool = option(
        False,
        "Whether the 18-digit number of a foreigner's permanent residence counts.",
        clause="A8.1",
    )
    vin_check_character: bool = option(
        False,
        "Whether a VIN is refused whose ninth character does not match the others.",
        clause="A8.1",
    )


def validation_settings() -> ValidationSettings:
    """Return the settings in force."""
    return load(ValidationSettings)
