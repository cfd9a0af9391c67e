"""What would silently leave the door open is said at start, with a line to paste."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.auth.backends import ModelBackend
from django.core.checks import Error, Warning
from django.db import connection

from jtsec.authentication import lockout_checks
from jtsec.authentication.backend import IdentityBackend
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401

BACKEND = "jtsec.authentication.backend.IdentityBackend"
HASHER = "jtsec.authentication.hashers.JtsecArgon2Hasher"


class OwnRights(IdentityBackend):
    """A project's subclass that adds rights, and leaves the way in alone."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Add one."""
        return {"permits.view_permit"}


class OwnWayIn(IdentityBackend):
    """A project's subclass that goes its own way in."""

    def authenticate(
        self, request: Any, username: Any = None, password: Any = None, **kwargs: Any
    ) -> Any:
        """Ask nobody."""
        return None


class Certificates(ModelBackend):
    """A backend for something that is no password."""

    def authenticate(
        self, request: Any, username: Any = None, password: Any = None, **kwargs: Any
    ) -> Any:
        """Look at a certificate."""
        return None


class Inherited(ModelBackend):
    """A backend that compares passwords as Django does."""


def ids() -> list[str]:
    """Return the ids of everything that is wrong."""
    return [str(one.id) for check in lockout_checks.ALL for one in check(None)]


@pytest.fixture(autouse=True)
def good(cheap_passwords: None, settings: Any) -> None:  # noqa: F811 - the fixture
    """Begin with settings that are right, and the hasher at its real price."""
    settings.PASSWORD_HASHERS = [HASHER, *settings.PASSWORD_HASHERS[1:]]


def test_good_settings_have_nothing_to_say() -> None:
    """Silence means that it was looked at."""
    assert ids() == []


def test_the_hasher_must_stand_first(settings: Any) -> None:
    """Second place stores nothing."""
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS[1:], HASHER]
    assert ids() == ["jtsec.E060"]


def test_the_hasher_of_tests_is_refused_in_operation(settings: Any) -> None:
    """A cost below every profile is found, whatever the class is called."""
    settings.PASSWORD_HASHERS = ["tests.authentication.cheap.CheapHasher"]
    assert ids() == ["jtsec.E060"]


def test_the_backend_must_be_there(settings: Any) -> None:
    """Without it nobody counts."""
    settings.AUTHENTICATION_BACKENDS = []
    assert ids() == ["jtsec.E061"]


@pytest.mark.parametrize(
    ("name", "is_fine"),
    [
        ("django.contrib.auth.backends.ModelBackend", False),
        ("django.contrib.auth.backends.AllowAllUsersModelBackend", False),
        (f"{__name__}.Inherited", False),
        (f"{__name__}.OwnWayIn", False),
        (f"{__name__}.OwnRights", True),
        (f"{__name__}.Certificates", True),
        ("django.contrib.auth.backends.RemoteUserBackend", True),
    ],
)
def test_no_weaker_backend_stands_beside_it(
    settings: Any, name: str, is_fine: bool
) -> None:
    """One that compares passwords by itself goes round the lockout."""
    settings.AUTHENTICATION_BACKENDS = [BACKEND, name]
    assert ids() == ([] if is_fine else ["jtsec.E062"])


def test_every_rule_must_be_applied(settings: Any) -> None:
    """And the message names the line to add."""
    settings.AUTH_PASSWORD_VALIDATORS = settings.AUTH_PASSWORD_VALIDATORS[1:]
    (found,) = lockout_checks.check_validators(None)
    assert isinstance(found, Error)
    assert "CompositionValidator" in str(found.hint)


def test_a_gap_is_a_warning_while_debugging(settings: Any) -> None:
    """A newcomer's project starts, and is told."""
    settings.DEBUG = True
    settings.AUTHENTICATION_BACKENDS = []
    (found,) = lockout_checks.check_backends(None)
    assert isinstance(found, Warning)


def test_a_burst_that_does_not_fit_is_said_beforehand(settings: Any) -> None:
    """With the number of slots that does."""
    settings.JTSEC_AUTHENTICATION_ARGON2_PROFILE = "rfc9106-low-memory"
    settings.JTSEC_AUTHENTICATION_HASHING_SLOTS = 3
    (found,) = lockout_checks.check_memory(None)
    assert found.hint == "JTSEC_AUTHENTICATION_HASHING_SLOTS = 2"


def test_sqlite_with_atomic_requests_is_said_beforehand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The charge and the view would wait for each other."""
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    expected = ["jtsec.E066"] if connection.vendor == "sqlite" else []
    assert ids() == expected


def test_a_password_column_that_is_too_short_is_said_beforehand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A cut value would lock everybody out."""
    from django.contrib.auth import get_user_model

    field = get_user_model()._meta.get_field("password")
    monkeypatch.setattr(field, "max_length", 100)
    assert ids() == ["jtsec.E064"]
