"""Checks lead step by step: what comes first is reported first, and alone."""

from __future__ import annotations

import pytest

from django.core import checks as django_checks
from django.core.checks.registry import CheckRegistry
from django.test import override_settings

from jtsec.core import gates


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> CheckRegistry:
    """Return an empty registry that the gates register in."""
    empty = CheckRegistry()
    monkeypatch.setattr(django_checks, "register", empty.register)
    monkeypatch.setattr(gates, "_gates", {})
    return empty


class Reporting:
    """A check that reports one id for as long as it is told to."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.is_reporting = True

    def check(self, app_configs: object, **kwargs: object) -> list[django_checks.Error]:
        """Report, or not."""
        return [django_checks.Error("", id=self.number)] if self.is_reporting else []


def test_a_shut_gate_silences_what_is_behind_it(registry: CheckRegistry) -> None:
    """One thing to do at a time; an open gate hides nothing."""
    first, second, behind = Reporting("g1"), Reporting("g2"), Reporting("c")
    gates.register(behind.check, "jtsec")
    gates.register_gate(second.check, 2)
    gates.register_gate(first.check, 1)
    assert [one.id for one in registry.run_checks()] == ["g1"]
    first.is_reporting = False
    assert [one.id for one in registry.run_checks()] == ["g2"]
    second.is_reporting = False
    assert [one.id for one in registry.run_checks()] == ["c"]


@override_settings(JTSEC_PROFILE=None)
def test_without_a_profile_a_project_is_told_one_thing() -> None:
    """Never a wall of errors."""
    assert [one.id for one in django_checks.run_checks(tags=["jtsec"])] == [
        "jtsec.E000"
    ]


@override_settings(MIDDLEWARE=[], JTSEC_KEYS_FILE="")
def test_the_preset_comes_before_the_keys() -> None:
    """The step that is one line goes first."""
    assert [one.id for one in django_checks.run_checks(tags=["jtsec"])] == [
        "jtsec.E010"
    ]
