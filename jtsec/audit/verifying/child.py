"""
The side of a process that was started to walk parts of a log.

Nothing here imports a model before Django is set up, for a new process begins with
this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django
from django.db import connections

if TYPE_CHECKING:
    from .walking import Part, Walked


def prepare(using: str, settings_dict: dict[str, Any]) -> None:
    """
    Set up Django, with the very database of the parent.

    Args:
        using: the alias of the database.
        settings_dict: what its connection was made with.
    """
    django.setup()
    connections[using].settings_dict.update(settings_dict)


def walk_part(part: Part) -> Walked:
    """Verify one part of the log."""
    from .walking import walk  # noqa: PLC0415 - after Django was set up

    return walk(part)
