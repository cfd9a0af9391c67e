"""The checks of the settings lead from zero to compliant."""

from __future__ import annotations

import inspect

from django.core.checks import CheckMessage, Error, Warning
from django.test import override_settings

from jtsec.core import checks

from . import test_conf  # noqa: F401 - declares the specimen section


def ids(messages: list[CheckMessage]) -> list[str | None]:
    """Return the ids of messages."""
    return [message.id for message in messages]


@override_settings(JTSEC_PROFILE=None)
def test_without_a_profile_only_that_is_asked_for() -> None:
    """A gate reports the next thing, never a wall of errors."""
    assert ids(checks.check_profile(None)) == ["jtsec.E000"]
    assert checks.check_values(None) == []


@override_settings(JTSEC_SPECIMEN_LIMTI=3)
def test_an_unknown_name_is_an_error_that_suggests_the_nearest() -> None:
    """Silence would leave the default in force without a word."""
    (message,) = checks.check_names(None)
    assert message.id == "jtsec.E001"
    assert "JTSEC_SPECIMEN_LIMIT" in str(message.hint)


def test_a_gap_is_an_error_in_operation_and_a_warning_under_debug() -> None:
    """Trying it out must not be blocked, operating must."""
    with override_settings(JTSEC_SPECIMEN_LIMIT=50, DEBUG=False):
        assert [type(one) for one in checks.check_values(None)] == [Error]
    with override_settings(JTSEC_SPECIMEN_LIMIT=50, DEBUG=True):
        assert [type(one) for one in checks.check_values(None)] == [Warning]


@override_settings(JTSEC_SPECIMEN_LIMIT="many")
def test_a_value_of_another_kind_is_named() -> None:
    """It names the setting."""
    (message,) = checks.check_values(None)
    assert message.id == "jtsec.E003"
    assert "JTSEC_SPECIMEN_LIMIT" in message.msg


@override_settings(LANGUAGE_CODE="zh-cn")
def test_a_language_code_that_shows_english_is_warned_of() -> None:
    """Django's own texts stay English under zh-cn."""
    assert ids(checks.check_language(None)) == ["jtsec.W003"]


def test_the_checks_are_connected() -> None:
    """A check nobody runs protects nobody."""
    from django.core.checks.registry import registry

    connected = {inspect.unwrap(one) for one in registry.registered_checks}
    assert {checks.check_profile, *checks.ALL} <= connected
