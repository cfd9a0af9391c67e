"""Former passwords do not come back, and their memory opens no door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from jtsec.authentication import binding, history
from jtsec.authentication.models import PasswordHistory
from jtsec.authentication.passwords import set_password
from jtsec.core import clock
from jtsec.core.context import acting_as
from jtsec.identity.api import actor_of
from tests.authentication.cheap import CheapHasher
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import (
    OTHER,
    PASSWORD,
    adopted,
    by_sql,
    loaded,
    registered,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]


def refused(password: str, user: Any) -> list[str]:
    """Return the codes for which a new password is refused."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [str(one.code) for one in error.error_list]
    return []


@pytest.mark.clause("P37")
def test_the_last_passwords_are_refused_and_the_one_before_them_is_not(
    settings: Any,
) -> None:
    """With a history of three: the present one and two before it."""
    settings.JTSEC_AUTHENTICATION_PASSWORD_HISTORY = 3
    user = registered("li", 1)
    for one in range(3):
        set_password(user, f"Next-Passw0rd-{one}!", by_owner=True)
    for one in range(3):
        assert refused(f"Next-Passw0rd-{one}!", user) == ["password_used_before"]
    assert refused(PASSWORD, user) == []
    assert PasswordHistory.objects.filter(user=user).count() == 3


def test_a_history_of_none_remembers_nothing(settings: Any) -> None:
    """Switched off, old values go as well."""
    settings.JTSEC_AUTHENTICATION_PASSWORD_HISTORY = 0
    user = registered("li", 1)
    assert refused(PASSWORD, user) == []
    assert not PasswordHistory.objects.exists()


def test_a_password_from_before_jtsec_counts_as_the_present_one() -> None:
    """It is in no history, and yet may not be chosen again."""
    user = adopted("li", 1, make_password(PASSWORD, hasher="pbkdf2_sha256"))
    assert refused(PASSWORD, user) == ["password_used_before"]
    assert refused(OTHER, user) == []
    assert user.password.startswith("pbkdf2_sha256$")


def test_comparing_costs_one_hash_however_long_the_history(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """A form must not compute twenty-four hashes."""
    settings.JTSEC_AUTHENTICATION_PASSWORD_HISTORY = 24
    user = registered("li", 1)
    for one in range(6):
        set_password(user, f"Next-Passw0rd-{one}!", by_owner=True)
    hashes: list[int] = []
    plain = binding.stretch

    def counted(*args: Any, **kwargs: Any) -> bytes:
        hashes.append(1)
        return plain(*args, **kwargs)

    monkeypatch.setattr(history, "stretch", counted)
    assert history.was_used(user, user.jtsec_identity, PASSWORD)
    assert len(hashes) == 1


def test_a_remembered_value_put_into_the_users_row_opens_nothing() -> None:
    """Whoever reads the history by SQL cannot bring an old password back."""
    user = registered("li", 1)
    set_password(user, OTHER, by_owner=True)
    for encoded in PasswordHistory.objects.values_list("encoded", flat=True):
        tag = encoded.rpartition("$")[2]
        for value in (encoded, f"jtsec_argon2$1$pepper-1$-$8,1,1$abcdefgh${tag[:43]}"):
            by_sql("auth_user", "password", value[:128], id=user.pk)
            assert authenticate(None, username="li", password=PASSWORD) is None


def test_another_persons_history_does_not_match() -> None:
    """The UID is in the salt and in the value."""
    ann, ben = registered("ann", 1), registered("ben", 2)
    assert history.was_used(ben, ben.jtsec_identity, PASSWORD)
    PasswordHistory.objects.filter(user=ben).delete()
    PasswordHistory.objects.filter(user=ann).update(user=ben)
    assert not history.was_used(ben, ben.jtsec_identity, PASSWORD)


@pytest.mark.parametrize(
    "encoded", ["", "x", "jtsec_history$1$pepper-1$4000000,9,9$00"]
)
def test_a_broken_row_is_passed_over(encoded: str) -> None:
    """Neither an error nor a hash of four gigabytes."""
    user = registered("li", 1)
    PasswordHistory.objects.filter(user=user).update(encoded=encoded)
    assert not history.was_used(user, user.jtsec_identity, PASSWORD)


def test_the_history_costs_what_a_login_costs() -> None:
    """The hasher in force says the price, also under test."""
    user = registered("li", 1)
    encoded = PasswordHistory.objects.get(user=user).encoded
    assert f"${CheapHasher().profile()}$" in encoded


class TestMinimumAge:
    """Whoever may change twice in a minute runs through the history in a minute."""

    @pytest.fixture(autouse=True)
    def one_day(self, settings: Any) -> None:
        """Ask for a day between two changes."""
        settings.JTSEC_AUTHENTICATION_PASSWORD_MIN_AGE_HOURS = 24

    @pytest.mark.clause("P37")
    def test_the_owner_waits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Too soon today, free tomorrow."""
        user = registered("li", 1)
        with acting_as(actor_of(user)):
            assert refused(OTHER, user) == ["password_too_young"]
            tomorrow = clock.now() + timedelta(hours=24, seconds=1)
            monkeypatch.setattr("jtsec.authentication.validators.now", lambda: tomorrow)
            assert refused(OTHER, user) == []

    def test_an_administrator_need_not_wait(self) -> None:
        """Somebody who was just helped may need help again."""
        user, admin = registered("li", 1), registered("sec", 2, duty="security")
        with acting_as(actor_of(admin)):
            assert refused(OTHER, user) == []

    def test_a_change_that_is_due_is_never_too_soon(self) -> None:
        """The initial password was set a minute ago, and must go."""
        user = registered("li", 1)
        set_password(user, OTHER, by_owner=False)
        with acting_as(actor_of(user)):
            assert refused("Third-Passw0rd-3!", loaded("li")) == []
