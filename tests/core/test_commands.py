"""Commands act under their own names, unless somebody acts already."""

from __future__ import annotations

from typing import Any

import pytest

from django.core.management import call_command
from django.core.management.base import BaseCommand

from jtsec.core import commands
from jtsec.core.context import ANONYMOUS, Actor, acting_as, current


class Telling(BaseCommand):
    """Keeps who acted while it ran."""

    requires_system_checks = []
    seen: list[Actor] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Look who acts."""
        self.seen.append(current().actor)


def run() -> Actor:
    """Run the command and return who acted."""
    Telling.seen.clear()
    call_command(Telling())
    return Telling.seen[0]


def test_a_command_is_named_without_saying_so() -> None:
    """The module that Django finds it by is its name; outside nobody acts again."""
    actor = run()
    assert (actor.kind, actor.username) == ("system", "test_commands")
    assert current().actor == ANONYMOUS


def test_a_command_that_somebody_runs_is_theirs() -> None:
    """A view, or a command around it, has said who acts."""
    somebody = Actor(kind="person", username="zhang")
    with acting_as(somebody):
        assert run() == somebody


def test_a_test_run_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see what they would see without the command around them."""
    monkeypatch.setattr(commands, "name_of", lambda command: "test")
    assert run() == ANONYMOUS


def test_without_the_naming_a_command_is_nobodys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection removed: Django's own method."""
    plain = BaseCommand.execute.__wrapped__  # type: ignore[attr-defined]  # behind ours
    monkeypatch.setattr(BaseCommand, "execute", plain)
    assert run() == ANONYMOUS


def test_naming_twice_names_once() -> None:
    """The wiring may run again in one process."""
    named = BaseCommand.execute
    commands.name_commands()
    assert BaseCommand.execute is named
