"""
The side of a process that was started to walk parts of a log.

Nothing here imports a model before Django is set up, for a new process begins with
this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .walking import Part, Walked


def walk_part(part: Part) -> Walked:
    """Verify one part of the log."""
    from .walking import walk  # noqa: PLC0415 - after Django was set up

    return walk(part)
