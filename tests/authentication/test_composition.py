"""What a password is made of, on every way it is set."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest

from django.contrib.auth.forms import AdminPasswordChangeForm, SetPasswordForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from jtsec.authentication.composition import faults_of
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import OTHER, PASSWORD, registered, stored_password

LETTER, DIGIT, SYMBOL = (
    "password_no_letter",
    "password_no_digit",
    "password_no_symbol",
)


def codes(password: str) -> list[str]:
    """Return what is wrong, by code."""
    return [one.code for one in faults_of(password)]


@pytest.mark.clause("A3.2.3")
@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("Tianan-Men-7788!", []),
        ("aaaaaaaa1!", []),
        ("aaaaaaa1!", ["password_too_short"]),
        ("1234567890!", [LETTER]),
        ("abcdefghij!", [DIGIT]),
        ("abcdefghij1", [SYMBOL]),
        ("abcdefghi 1", [SYMBOL]),
        ("天安门广场上的红旗", ["password_too_short", LETTER, DIGIT, SYMBOL]),
        ("天安门广场上的红旗飘a1", [SYMBOL]),
        ("天安门广场上红旗a1，", []),
        ("", ["password_too_short", LETTER, DIGIT, SYMBOL]),
        ("abcdefgh1!\0", ["password_invisible"]),
        ("abcdefgh1!\u200b", ["password_invisible"]),
        ("abcdefgh1!\ud800", ["password_invisible"]),
        ("a1!" * 400, ["password_too_long"]),
        ("密1!a" * 300, ["password_too_long"]),
        ("x" * 10_000_000, ["password_too_long"]),
    ],
)
def test_everything_that_is_missing_is_named(password: str, wrong: list[str]) -> None:
    """One message a rule, so that nobody has to guess the next one."""
    assert codes(password) == wrong


def test_eight_characters_are_the_least_a_project_may_ask_for(settings: Any) -> None:
    """The floor of the clause; the internet's is ten (P37)."""
    from jtsec.authentication.conf import authentication_settings
    from jtsec.core.exceptions import ConfigurationError

    settings.JTSEC_AUTHENTICATION_PASSWORD_MIN_LENGTH = 8
    assert codes("abcdef1!") == []
    settings.JTSEC_AUTHENTICATION_PASSWORD_MIN_LENGTH = 7
    with pytest.raises(ConfigurationError):
        authentication_settings()
    settings.JTSEC_AUTHENTICATION_PASSWORD_MIN_LENGTH = 8
    settings.JTSEC_PROFILE = "internet"
    with pytest.raises(ConfigurationError):
        authentication_settings()


@pytest.mark.clause("P37")
@pytest.mark.parametrize("password", ["aaaaaaaa1!", "Aaaaaaaaa1!", "AAAAAAAAA1!"])
def test_what_passes_has_ten_characters_of_three_classes(password: str) -> None:
    """A letter, a digit and a symbol are three of the four."""
    assert codes(password) == []


@pytest.mark.clause("A3.2.3")
@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_passwords")
class TestEveryWay:
    """Forms, the admin, commands and plain code refuse a weak password alike."""

    def test_a_form_names_what_is_missing(self) -> None:
        """Django's form for a new password, used by change and reset."""
        user = registered("li", 1)
        form = SetPasswordForm(
            user, {"new_password1": "short", "new_password2": "short"}
        )
        assert not form.is_valid()
        assert len(form.errors["new_password2"]) >= 3

    def test_the_admin_refuses(self) -> None:
        """The admin's form to set somebody's password."""
        user = registered("li", 1)
        form = AdminPasswordChangeForm(
            user,
            {"password1": "short", "password2": "short", "usable_password": "true"},
        )
        assert not form.is_valid()

    def test_the_command_refuses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """`manage.py changepassword` gives up after three tries."""
        user = registered("li", 1)
        before = stored_password(user)
        monkeypatch.setattr("getpass.getpass", lambda prompt: "short")
        with pytest.raises(CommandError):
            call_command("changepassword", "li", stdout=StringIO(), stderr=StringIO())
        assert stored_password(user) == before

    def test_plain_code_is_refused(self) -> None:
        """`user.set_password` itself, where nobody thought of validating."""
        user = registered("li", 1)
        before = user.password
        with pytest.raises(ValidationError):
            user.set_password("short")
        assert user.password == before

    def test_ten_megabytes_are_refused_at_once(self) -> None:
        """No rule and no hash works through them."""
        user = registered("li", 1)
        with pytest.raises(ValidationError) as refused:
            validate_password("x" * 10_000_000, user)
        assert [one.code for one in refused.value.error_list] == ["password_too_long"]


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_passwords")
@pytest.mark.parametrize(
    "password",
    ["xx-LIWEI-7788!", "ｌｉｗｅｉ-xx-7788!", "xx-000001-!aaa", "xx-张三-7788!a"],
)
def test_a_password_must_not_hold_what_everybody_knows(password: str) -> None:
    """User name, number and name, whatever the case and the width."""
    user = registered("liwei", 1)
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    assert "password_identifier" in [one.code for one in refused.value.error_list]


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_passwords")
def test_the_end_of_the_id_number_is_no_password() -> None:
    """The usual initial password of many systems."""
    user = registered("li", 1)
    tail = user.jtsec_identity.resident_id[-6:]
    with pytest.raises(ValidationError):
        validate_password(f"Abc-{tail}-xyz", user)
    validate_password(OTHER, user)
    assert PASSWORD != OTHER
