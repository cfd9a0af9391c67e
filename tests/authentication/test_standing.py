"""How somebody stands: validity, dormancy, and a password that is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jtsec.authentication import accounts, standing
from jtsec.authentication.models import Account
from jtsec.authentication.standing import invalidity, password_due_why, standing_of
from jtsec.core.clock import now

pytestmark = pytest.mark.clause("A3.2.8")
DAY = timedelta(days=1)


def account(**columns: Any) -> Account:
    """Return an account that was made now, and is in no database."""
    return Account(**{"created_at": now(), "password_set_at": now(), **columns})


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, ""),
        ({"valid_from": 1, "valid_until": 2}, "not-yet-valid"),
        ({"valid_from": -1, "valid_until": 1}, ""),
        ({"valid_until": -1}, "account-expired"),
        ({"valid_until": 0}, "account-expired"),
        ({"created_at": -366}, "account-dormant"),
        ({"created_at": -900, "login_at": -364}, ""),
        ({"created_at": -900, "login_at": -800, "reactivated_at": -1}, ""),
    ],
)
def test_an_account_is_valid_within_its_time_and_while_used(
    columns: dict[str, int], reason: str
) -> None:
    """The end itself is outside."""
    at = now()
    moments = {name: at + days * DAY for name, days in columns.items()}
    assert invalidity(account(**moments), at) == reason


def test_dormancy_can_be_left_to_the_audit(settings: Any) -> None:
    """0 days switch the refusal off; it goes beyond what the clause demands."""
    settings.JTSEC_AUTHENTICATION_DORMANT_DAYS = 0
    assert invalidity(account(created_at=now() - 3000 * DAY), now()) == ""


@pytest.mark.clause("P37")
def test_a_password_expires_at_its_age(settings: Any) -> None:
    """Ninety days by default, fewer where the project says so."""
    old = account(password_set_at=now() - 60 * DAY)
    assert password_due_why(old, now()) == ""
    settings.JTSEC_AUTHENTICATION_PASSWORD_MAX_DAYS = 60
    assert password_due_why(old, now()) == standing.EXPIRED_PASSWORD


def test_what_somebody_decided_is_said_before_what_time_did() -> None:
    """A reactivated person reads that, although the password has expired too."""
    due = account(
        password_set_at=now() - 900 * DAY,
        must_change_password=True,
        must_change_why=standing.REACTIVATED,
    )
    assert password_due_why(due, now()) == standing.REACTIVATED


def test_who_has_no_account_may_not_enter() -> None:
    """Nothing is known about them, so nothing is permitted."""
    found = standing_of(object(), now())
    assert not found.may_enter
    assert found.reason == "account-missing"


@pytest.mark.django_db
def test_days_left_are_counted_by_the_calendar(zhang: Any) -> None:
    """What was set for 180 days has 180 days left on the first day."""
    until = now() + 180 * DAY
    accounts.write_account(zhang, valid_until=until)
    found = standing_of(zhang, now())
    assert (found.days_left_account, found.days_left_password) == (180, 90)
    assert standing_of(zhang, until + DAY).days_left_account == 0
