"""What `manage.py check` says about the sessions, and what they can prove."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.sessions import checks, evidence
from jtsec.sessions.conf import session_settings

from .conftest import browser, log_in

REDIS = "django.core.cache.backends.redis.RedisCache"
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
OF_ONE_PROCESS = {"default": {"BACKEND": LOCMEM}}


def found(check: Any) -> list[str]:
    """Return the ids that a check gives."""
    return [str(message.id) for message in check(None)]


@pytest.mark.parametrize(
    ("check", "change", "code"),
    [
        (
            checks.check_engine,
            {"SESSION_ENGINE": "django.contrib.sessions.backends.db"},
            "jtsec.E080",
        ),
        (checks.check_engine, {"SESSION_ENGINE": "no.such.engine"}, "jtsec.E080"),
        (checks.check_saving, {"SESSION_SAVE_EVERY_REQUEST": True}, "jtsec.E081"),
        (checks.check_secure_cookie, {"SESSION_COOKIE_SECURE": False}, "jtsec.E082"),
        (checks.check_cookie, {"SESSION_COOKIE_HTTPONLY": False}, "jtsec.E083"),
        (checks.check_cookie, {"SESSION_COOKIE_SAMESITE": "None"}, "jtsec.E084"),
        (
            checks.check_cache,
            {
                "SESSION_ENGINE": "jtsec.sessions.cached_engine",
                "CACHES": OF_ONE_PROCESS,
            },
            "jtsec.E085",
        ),
        (
            checks.check_serializer,
            {"SESSION_SERIALIZER": "some.PickleSerializer"},
            "jtsec.E086",
        ),
        (checks.check_reserve, {"JTSEC_SESSIONS_TOTAL": 3}, "jtsec.E087"),
    ],
)
def test_what_takes_a_protection_away_is_named(
    settings: Any, check: Any, change: dict[str, Any], code: str
) -> None:
    """Each gap has its own id and a hint; without the gap there is silence."""
    settings.SESSION_COOKIE_SECURE = True
    assert found(check) == []
    for name, value in change.items():
        setattr(settings, name, value)
    messages = check(None)
    assert [message.id for message in messages] == [code]
    assert all(message.hint for message in messages)


def test_a_gap_is_a_warning_while_developing(settings: Any) -> None:
    """Under DEBUG the server starts, and says what is missing."""
    settings.SESSION_SAVE_EVERY_REQUEST = True
    assert not checks.check_saving(None)[0].is_serious() or not settings.DEBUG
    settings.DEBUG = True
    assert not checks.check_saving(None)[0].is_serious()


def test_a_cache_that_all_share_is_fine(settings: Any) -> None:
    """The cached engine over Redis is what it is for."""
    settings.SESSION_ENGINE = "jtsec.sessions.cached_engine"
    settings.CACHES = {"default": {"BACKEND": REDIS}}
    assert found(checks.check_cache) == []


@pytest.mark.django_db
def test_the_isolation_of_this_database_is_right() -> None:
    """On the database of this run the caps are exact."""
    assert checks.check_isolation(None, databases=["default"]) == []


def test_the_defaults_satisfy_the_clauses() -> None:
    """Thirty minutes, twelve hours, one session each, and an end to the total."""
    chosen = session_settings()
    assert (chosen.idle_minutes, chosen.absolute_hours) == (30, 12)
    assert chosen.per_user == 1
    assert 0 <= chosen.admin_reserve < chosen.total


@pytest.mark.django_db
@pytest.mark.clause("A9.2", "A9.3")
def test_the_evidence_counts_what_is_live(ann: Any, settings: Any) -> None:
    """The report shows the limits in force, and a gap when more are live."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    log_in(browser(), "ann")
    log_in(browser(), "ann")
    facts = {fact.clause: fact for fact in evidence.facts()}
    assert set(facts) == {"A9.1", "A9.2", "A9.3", "A3.2.11"}
    assert all(fact.holds for fact in facts.values())
    assert facts["A9.2"].value == 2
    settings.JTSEC_SESSIONS_PER_USER = 1
    assert {fact.clause: fact.holds for fact in evidence.facts()}["A9.3"] is False
