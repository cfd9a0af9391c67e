"""A login view in a transaction: what must stay stays, and nobody waits for ever."""

from __future__ import annotations

import time
from typing import Any

import pytest

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest

from jtsec.audit.api import boundary
from jtsec.authentication import notice
from jtsec.authentication.accounts import write_account
from jtsec.authentication.models import Account, Counter
from jtsec.core import apart as core_apart
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, adopted, registered

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("cheap_passwords"),
]
WEAK = "password"


@pytest.fixture(autouse=True)
def several_writers(db: None) -> None:
    """Skip where the view's transaction is the database's one writer (E066)."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")


def request() -> HttpRequest:
    """Return a login request from this machine."""
    made = HttpRequest()
    made.META["REMOTE_ADDR"] = "127.0.0.1"
    return made


@pytest.mark.clause("A3.2.6")
def test_a_charge_stays_when_the_view_is_rolled_back() -> None:
    """Who can make a view fail would guess for free."""
    registered("li", 1)
    with boundary(), transaction.atomic():
        assert authenticate(request(), username="li", password="guess") is None
        transaction.set_rollback(True)
    assert Counter.objects.get(dimension="user").failures == 1
    assert Account.objects.get().failure_count == 1


def refuse_after_an_upgrade(settings: Any) -> None:
    """Log in with a right password of the old kind, from where its owner may not be."""
    settings.PASSWORD_HASHERS = [
        *settings.PASSWORD_HASHERS,
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    user = adopted("li", 1, PBKDF2PasswordHasher().encode(WEAK, "salt12345678", 1))
    write_account(user, networks=["10.9.0.0/16"])
    with boundary(), transaction.atomic():
        assert authenticate(request(), username="li", password=WEAK) is None


def test_a_refusal_after_an_upgrade_does_not_wait_for_itself(settings: Any) -> None:
    """The upgrade has locked the account; the failure is noted when it is free."""
    began = time.monotonic()
    refuse_after_an_upgrade(settings)
    assert time.monotonic() - began < 5
    account = Account.objects.get()
    assert account.must_change_why == "below-the-rules"
    assert account.failure_count == 1
    assert "network-not-allowed" in account.failures


def test_noted_at_once_it_would_wait_for_itself(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away."""
    if connection.vendor == "mysql":
        pytest.skip("MySQL waits fifty seconds before it gives up")
    monkeypatch.setattr(core_apart, "LONGEST_WAIT_SECONDS", 1)
    monkeypatch.setattr(notice, "after_rollback", lambda action: action())
    with pytest.raises(OperationalError):
        refuse_after_an_upgrade(settings)


def test_a_second_connection_gives_up_on_a_lock_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL by itself would wait for ever."""
    registered("li", 1)
    monkeypatch.setattr(core_apart, "LONGEST_WAIT_SECONDS", 1)
    if connection.vendor == "mysql":
        pytest.skip("MySQL bounds the wait by itself, by fifty seconds")
    with transaction.atomic():
        Account.objects.select_for_update().get()
        with pytest.raises(OperationalError), core_apart.apart() as alias:
            Account.objects.using(alias).update(failure_count=7)
    assert authenticate(request(), username="li", password=PASSWORD) is not None
