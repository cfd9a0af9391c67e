"""Settings of the rules; a policy can set each threshold for some of the users."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import at_least, between, matching
from jtsec.core.wording import early_gettext as _

HOURS = r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)"
CODES = r"[a-z0-9_:-]+\*?"


@dataclass(frozen=True)
class weekdays:  # noqa: N801 - reads as a verb where settings are declared
    """Days of the week, 1 for Monday to 7 for Sunday."""

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        wrong = [one for one in value if not 1 <= one <= 7]
        return (
            _("%(value)s is not a weekday from 1 to 7.") % {"value": wrong[0]}
            if wrong
            else ""
        )

    def __str__(self) -> str:
        return "1 (Monday) to 7 (Sunday)"


@dataclass(frozen=True)
class dates:  # noqa: N801 - reads as a verb where settings are declared
    """Days as 2026-10-01."""

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        for text in value:
            # Python reads 20261001 too, which would then be no day of the calendar.
            if not _is_date(text):
                return _("%(value)r is not a date such as 2026-10-01.") % {
                    "value": text
                }
        return ""

    def __str__(self) -> str:
        return "dates such as 2026-10-01"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@settings_section("JTSEC_AUDIT_RULES_")
class RuleSettings(Section):
    """Says when a rule raises an alarm, where no policy says otherwise."""

    seconds: int = option(
        10,
        "Seconds between two looks of one process at the log, after its responses.",
        clause="A5.7",
        valid=between(1, 3600),
    )
    batch: int = option(
        5000,
        "Events after which a look that follows a response stops until the next one.",
        valid=at_least(1),
    )
    high_frequency_events: int = option(
        60,
        "Events of one user within the seconds below that are too many.",
        clause="A5.7",
        valid=at_least(2),
    )
    high_frequency_seconds: int = option(
        60,
        "Seconds in which the events of one user are counted.",
        clause="A5.7",
        valid=between(10, 3600),
    )
    high_frequency_hourly: int = option(
        240,
        "Events of one user within an hour that are too many.",
        clause="A5.7",
        valid=at_least(2),
    )
    out_of_hours_times: tuple[str, ...] = option(
        ("07:00-21:00",),
        "Times of day that are office hours; 22:00-06:00 goes over midnight.",
        clause="A5.7",
        valid=matching(HOURS, "a time of day such as 08:30-18:00"),
    )
    out_of_hours_weekdays: tuple[int, ...] = option(
        (1, 2, 3, 4, 5, 6),
        "Days of the week with office hours; with all seven, holidays have them too.",
        clause="A5.7",
        valid=weekdays(),
    )
    out_of_hours_events: int = option(
        5,
        "Events of one user in one night or free day that are too many.",
        clause="A5.7",
        valid=at_least(1),
    )
    holidays: tuple[str, ...] = option(
        (),
        "Dates without office hours, beside those the calendar names.",
        clause="A5.7",
        valid=dates(),
    )
    workdays: tuple[str, ...] = option(
        (),
        "Dates with office hours although their weekday has none.",
        clause="A5.7",
        valid=dates(),
    )
    dormant_account_days: int = option(
        365,
        "Days without any event of a user after which the account is dormant.",
        clause="A5.7",
        valid=at_least(1),
        floor=between(1, 365),
    )
    many_places_addresses: int = option(
        3,
        "Addresses one user acts from within the minutes below that are too many.",
        clause="A5.7",
        valid=between(2, 16),
    )
    many_places_minutes: int = option(
        30,
        "Minutes in which the addresses of one user are counted.",
        clause="A5.7",
        valid=between(1, 1440),
    )
    unusual_business_score: int = option(
        6,
        "Robust standard deviations above the usual that are unusual.",
        clause="A5.7",
        valid=between(3, 50),
    )
    unusual_business_least: int = option(
        30,
        "Events of one kind a day below which nothing is unusual.",
        clause="A5.7",
        valid=at_least(5),
    )
    unusual_business_days: int = option(
        10,
        "Days of a user's own history that are needed to know what is usual.",
        clause="A5.7",
        valid=between(5, 30),
    )
    failed_integrity_codes: tuple[str, ...] = option(
        (),
        "Further event codes that tell of altered data; * at the end.",
        clause="A5.6",
        valid=matching(CODES, "an event code"),
    )
    core_function_daily: int = option(
        50,
        "Uses of one core function by one user in a day that are too many.",
        clause="A5.5",
        valid=at_least(1),
    )
    core_function_days: int = option(
        90,
        "Days after which a core function that a user did not use is new to them.",
        clause="A5.5",
        valid=between(7, 365),
    )
    core_function_each: bool = option(
        False,
        "Whether each use of a core function raises an alarm.",
        clause="A5.5",
    )
    core_function_everyday: tuple[str, ...] = option(
        ("authentication:*", "sessions:*"),
        "Core events that are everyday and have rules of their own; * at the end.",
        clause="A5.5",
        valid=matching(CODES, "an event code"),
    )


def rule_settings() -> RuleSettings:
    """Return the settings in force."""
    return load(RuleSettings)
