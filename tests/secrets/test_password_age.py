"""The age of database passwords is known, told by a check, and alarmed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from django.conf import settings
from django.core.signals import request_finished
from django.test import override_settings

from jtsec.audit.alarms.api import Alarm, describe
from jtsec.core.clock import now
from jtsec.core.exceptions import ConfigurationError
from jtsec.secrets import age_alarm, api
from jtsec.secrets.accounts import Account, dump_accounts, new_accounts
from jtsec.secrets.conf import secrets_settings
from jtsec.secrets.database_checks import check_ages
from jtsec.secrets.evidence import age_facts
from jtsec.secrets.password_age import overdue, password_ages
from jtsec.secrets.taking_up import ACCOUNTS
from tests.secrets.conftest import Places

pytestmark = pytest.mark.clause("P44.2")

NAME = "db.accounts"
DAY = timedelta(days=1)


def keep(changed: datetime | None) -> dict[str, Any]:
    """Keep accounts with a password of that age, and return what names them."""
    first, second = Account("permits_a", "x", changed), Account("permits_b", "y", now())
    api.keep(NAME, dump_accounts(new_accounts(first, second)), at=now())
    return {ACCOUNTS: NAME}


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a verb that gives the project's database more settings."""

    def put(**more: Any) -> None:
        # Only what is said of it: the connection of the test stays.
        entry = {**settings.DATABASES["default"], **more}
        monkeypatch.setattr(settings, "DATABASES", {"default": entry})

    return put


@pytest.mark.parametrize(
    ("days", "is_overdue"), [(0, False), (60, False), (61, True), (None, True)]
)
def test_a_password_of_the_accounts_is_overdue_after_sixty_days(
    places: Places, database: Any, days: int | None, is_overdue: bool
) -> None:
    """So is one of which nobody knows the age; the active account counts."""
    database(**keep(None if days is None else now() - days * DAY + DAY / 24))
    (age,) = password_ages()
    assert (age.user, age.is_overdue) == ("permits_a", is_overdue)
    assert bool(check_ages(None)) is is_overdue
    assert [one.holds for one in age_facts()] == [not is_overdue]


def test_a_password_from_the_store_has_the_age_of_its_secret(
    places: Places, database: Any
) -> None:
    """One from elsewhere has none, and without a password there is nothing to age."""
    assert password_ages() == []
    assert list(age_facts()) == []
    database(PASSWORD="from-the-store", USER="permits")
    api.keep("db.other", "another", at=now())
    assert [one.changed for one in password_ages()] == [None]
    api.keep("db.password", "from-the-store", at=now() - 70 * DAY)
    (age,) = overdue()
    assert (age.user, age.days) == ("permits", 70)
    assert [one.id for one in check_ages(None)] == ["jtsec.W235"]
    assert "70 days" in check_ages(None)[0].msg


def test_a_store_that_cannot_be_used_is_not_told_as_an_age(
    places: Places, database: Any
) -> None:
    """E120 says so; the evidence says that nothing could be measured."""
    database(**keep(now()))
    places.store.chmod(0o644)
    assert overdue() == []
    assert [one.holds for one in age_facts()] == [None]


def test_two_months_are_the_most_for_a_platform() -> None:
    """P44.2 binds the profile of the internet."""
    with override_settings(JTSEC_SECRETS_DATABASE_PASSWORD_DAYS=90):
        assert secrets_settings().database_password_days == 90
        with (
            override_settings(JTSEC_PROFILE="internet"),
            pytest.raises(ConfigurationError, match="DATABASE_PASSWORD_DAYS"),
        ):
            secrets_settings()


@pytest.mark.django_db
def test_an_overdue_password_is_alarmed_once_a_day(
    places: Places, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not while the alarm is open, and not again on the day that it was closed."""
    database(**keep(now() - 65 * DAY))
    assert age_alarm.raise_overdue() == 1
    assert age_alarm.raise_overdue() == 0
    alarm = Alarm.objects.get()
    assert (alarm.rule, alarm.resource) == (age_alarm.RULE, "database:default")
    assert "permits_a" in str(describe(alarm))
    assert "65 days" in str(describe(alarm))
    Alarm.objects.update(fingerprint=None)
    assert age_alarm.raise_overdue() == 0
    Alarm.objects.update(raised_at=now() - 2 * DAY)
    assert age_alarm.raise_overdue() == 1
    database(**keep(None))
    assert age_alarm.raise_overdue() == 1
    assert Alarm.objects.filter(rule=age_alarm.UNKNOWN_AGE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_looks_once_an_hour_after_a_response(
    places: Places, database: Any
) -> None:
    """Its first response is somebody's, and waits for nothing."""
    database(**keep(now() - 65 * DAY))
    age_alarm.look_after_response.come_due()
    request_finished.send(sender=None)
    assert Alarm.objects.count() == 1
    Alarm.objects.update(fingerprint=None, raised_at=now() - 2 * DAY)
    request_finished.send(sender=None)
    assert Alarm.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_a_response_takes_no_worker(
    places: Places,
    database: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged, and tried again at the next turn."""

    def fail() -> int:
        raise RuntimeError("nothing works")

    monkeypatch.setattr(age_alarm, "raise_overdue", fail)
    age_alarm.look_after_response.come_due()
    age_alarm.look_after_response()
    assert "nothing works" in caplog.text
