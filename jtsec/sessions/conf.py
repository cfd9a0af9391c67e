"""Settings of the sessions."""

from __future__ import annotations

from datetime import timedelta

from jtsec.core.conf import Section, load, option, settings_section
from jtsec.core.rules import at_least, between, one_of

REFUSE = "refuse"
END_OLDEST = "end-oldest"


@settings_section("JTSEC_SESSIONS_")
class SessionSettings(Section):
    """Says how long a session lives and how many there may be."""

    idle_minutes: int = option(
        30,
        "Minutes without a request after which a session ends.",
        clause="A9.1",
        valid=at_least(1),
        floor=between(1, 120),
    )
    absolute_hours: int = option(
        12,
        "Hours after the login at which a session ends, however busy it is.",
        clause="A9.1",
        valid=at_least(1),
        floor=between(1, 24),
    )
    warn_seconds: int = option(
        120,
        "Seconds before the idle end at which the page warns.",
        clause="A9.1",
        valid=at_least(10),
    )
    per_user: int = option(
        1,
        "Sessions that one user may have at the same time.",
        clause="A9.3",
        valid=at_least(1),
        floor=between(1, 10),
    )
    when_full: str = option(
        END_OLDEST,
        "What happens to a login beyond the user's number: it is refused, or the "
        "user's oldest session ends.",
        clause="A3.2.11",
        valid=one_of(REFUSE, END_OLDEST),
    )
    total: int = option(
        500,
        "Sessions of all users together; a login beyond it is refused.",
        clause="A9.2",
        valid=between(1, 1_000_000),
    )
    admin_reserve: int = option(
        3,
        "Places of the total kept free for the three administrators' duties.",
        clause="A9.2",
        valid=between(0, 1000),
    )
    kept_days: int = option(
        30,
        "Days for which an ended session is remembered, emptied of its data.",
        clause="A6.4",
        valid=between(1, 3650),
    )
    cache_seconds: int = option(
        5,
        "Seconds for which `jtsec.sessions.cached_engine` believes its cache without "
        "asking the database.",
        clause="A9.1",
        valid=between(1, 60),
    )

    @property
    def idle(self) -> timedelta:
        """Return how long a session lives without a request."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def absolute(self) -> timedelta:
        """Return how long a session lives at most."""
        return timedelta(hours=self.absolute_hours)

    @property
    def seen_every(self) -> timedelta:
        """
        Return how often the last activity is written: once a minute at most.

        A tenth of a very short idle limit, or whoever clicks once in 59 seconds would
        be ended by a limit of one minute.
        """
        return min(timedelta(minutes=1), self.idle / 10)


def session_settings() -> SessionSettings:
    """Return the settings in force."""
    return load(SessionSettings)
