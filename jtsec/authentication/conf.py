"""Settings of the authentication: passwords, lockout, and what a login must meet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_noop

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import at_least, between, is_true, matching, one_of
from jtsec.core.wording import early_gettext as _

from .argon2_profiles import PROFILES


@dataclass(frozen=True)
class zero_or_at_least:  # noqa: N801 - reads as a verb where settings are declared
    """A number not below a limit, or 0 where it has a meaning of its own."""

    limit: int

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        if value == 0 or value >= self.limit:
            return ""
        return _("%(value)s is neither 0 nor at least %(limit)s.") % {
            "value": value,
            "limit": self.limit,
        }

    def __str__(self) -> str:
        return f"0 or ≥ {self.limit}"


@dataclass(frozen=True)
class some_of:  # noqa: N801 - reads as a verb where settings are declared
    """A list that is not empty, of words from a closed list."""

    words: tuple[str, ...]

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        if value and set(value) <= set(self.words):
            return ""
        return _("%(value)r is not a choice of %(words)s.") % {
            "value": value,
            "words": ", ".join(self.words),
        }

    def __str__(self) -> str:
        return "some of " + ", ".join(self.words)


@settings_section("JTSEC_AUTHENTICATION_")
class AuthenticationSettings(Section):
    """Says what a password must be, how often it may be guessed, and who may enter."""

    # --- Passwords: form and storage.
    password_min_length: int = option(
        10,
        "Characters a password must have.",
        clause="A3.2.3",
        valid=between(1, 128),
        floor=at_least(8),
        floor_by_profile={"internet": at_least(10)},
    )
    password_history: int = option(
        5,
        "Former passwords that may not be used again; 0 for none.",
        clause="P37",
        valid=between(0, 24),
        floor_by_profile={"internet": at_least(1)},
    )
    password_min_age_hours: int = option(
        0,
        "Hours before somebody may change a password of their own again; without a "
        "wait the history can be run through in a minute.",
        clause="P37",
        valid=between(0, 720),
        by_profile={"internet": 24},
    )
    argon2_profile: str = option(
        "owasp-minimum",
        "The cost of one password hash, by the name of a published profile.",
        clause="A3.2.5",
        valid=one_of(*PROFILES),
    )
    hashing_slots: int = option(
        2,
        "Password hashes one process computes at the same time; together with the "
        "profile it bounds the memory a burst of logins can take.",
        clause="A9.4",
        valid=between(1, 64),
    )
    hashing_wait_seconds: int = option(
        10,
        "Seconds a login waits for its turn to be looked at before it is refused.",
        clause="A9.4",
        valid=between(1, 60),
    )

    # --- Lockout.
    user_limit: int = option(
        5,
        "Wrong passwords after which a user is locked.",
        clause="A3.2.6",
        valid=at_least(1),
        floor=between(1, 10),
    )
    user_window_minutes: int = option(
        1440,
        "Minutes, from the first one, within which a user's wrong passwords add up.",
        clause="A3.2.6",
        valid=between(1, 43200),
        floor=at_least(10),
    )
    user_lock_minutes: int = option(
        0,
        "Minutes a user stays locked; 0: until somebody lifts the lock.",
        clause="A3.2.7",
        valid=between(0, 525600),
        floor=zero_or_at_least(10),
    )
    terminal_limit: int = option(
        20,
        "Failed logins, of any user, after which a terminal is blacklisted.",
        clause="A3.2.7",
        valid=at_least(1),
        floor=between(1, 100),
    )
    terminal_window_minutes: int = option(
        30,
        "Minutes, from the first one, within which a terminal's failed logins add up.",
        clause="A3.2.7",
        valid=between(1, 43200),
        floor=at_least(10),
    )
    terminal_block_minutes: int = option(
        30,
        "Minutes a terminal stays blacklisted.",
        clause="A3.2.7",
        valid=between(1, 525600),
        floor=at_least(10),
    )
    lift_duties: tuple[str, ...] = option(
        ("security",),
        "The duties that may lift a lock or take a terminal off the blacklist.",
        clause="A3.2.7",
        valid=some_of(("security", "system")),
    )

    # --- Login.
    password_max_days: int = option(
        90,
        "Days after which a password has expired; the next login then permits nothing "
        "but a change of it.",
        clause="A3.2.8",
        valid=at_least(1),
        floor=between(1, 365),
    )
    change_at_first_login: bool = option(
        True,
        "Whether a new person must change the password they were given.",
        clause="P37",
        floor_by_profile={"internet": is_true()},
    )
    dormant_days: int = option(
        365,
        "Days without a login after which an account must be reactivated; 0: never.",
        clause="A3.2.9",
        valid=between(0, 3650),
    )
    account_duties: tuple[str, ...] = option(
        ("system",),
        "The duties that may set restrictions and validity, and reactivate accounts.",
        clause="A3.2.9",
        valid=some_of(("system", "security")),
    )
    notice_page: bool = option(
        True,
        "Whether every login leads to the last-login page first. When off, the "
        "project's own pages show it with the template tag `login_notice`.",
        clause="A3.2.12",
    )
    warn_days: int = option(
        7,
        "Days before an account or a password expires from which its user is warned.",
        clause="A3.2.12",
        valid=between(1, 90),
    )

    @property
    def user_window(self) -> timedelta:
        """Return how long a user's wrong passwords add up."""
        return timedelta(minutes=self.user_window_minutes)

    @property
    def terminal_window(self) -> timedelta:
        """Return how long a terminal's failed logins add up."""
        return timedelta(minutes=self.terminal_window_minutes)


def authentication_settings() -> AuthenticationSettings:
    """Return the settings in force."""
    return load(AuthenticationSettings)


ONE_LINE = matching(
    r"[^\r\n]{0,200}", gettext_noop("one line of at most 200 characters")
)


@settings_section("JTSEC_PAGES_")
class PageSettings(Section):
    """Says what the pages of jtsec call the project, and what they tell visitors."""

    system_name: str = option(
        "",
        "The name of the system, in the head of every page.",
        valid=ONE_LINE,
    )
    organisation: str = option(
        "",
        "The organisation that runs the system, at the foot of every page.",
        valid=ONE_LINE,
    )
    warning: str = option(
        "",
        "The warning on the login page; a general one when empty.",
        clause="A3.2.12",
        valid=ONE_LINE,
    )
    contact: str = option(
        "",
        "Whom to ask, with telephone number; the security administrator when empty.",
        valid=ONE_LINE,
    )
    home: str = option(
        "/",
        "The address on this site to which the last-login page leads on.",
        valid=matching(r"/(?!/)[^\\\r\n]*", gettext_noop("an address on this site")),
    )


def page_settings() -> PageSettings:
    """Return what the pages say, as in force."""
    return load(PageSettings)
