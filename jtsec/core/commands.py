"""
Every management command acts under its own name, unless it names somebody.

Events of a command that forgot to say who it is would be nobody's. Where an actor is
in force already, a request's or that of the command around it, it stays: a view that
calls a command acts itself.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Final

from django.core.management.base import BaseCommand

from .context import acting_as, has_context, system_actor

MARK: Final = "_jtsec_named"
NAMELESS: Final = frozenset({"test"})
"""Commands that run what is not theirs: tests see what they would see without."""


def name_commands() -> None:
    """Let commands act under their names; once a process."""
    plain = BaseCommand.execute
    if hasattr(plain, MARK):
        return

    @wraps(plain)
    def execute(self: BaseCommand, *args: Any, **options: Any) -> Any:
        name = name_of(self)
        if has_context() or name in NAMELESS:
            return plain(self, *args, **options)
        with acting_as(system_actor(name)):
            return plain(self, *args, **options)

    setattr(execute, MARK, True)
    BaseCommand.execute = execute  # type: ignore[method-assign]  # every command's way


def name_of(command: BaseCommand) -> str:
    """Return the name by which a command is called."""
    return type(command).__module__.rpartition(".")[2]
