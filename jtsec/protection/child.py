"""
The side of a process that was started to scan parts of a table.

Nothing here imports a model before Django is set up, for a new process begins with
this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .parts import Part
    from .scanning import Scanned


def scan_part(part: Part) -> Scanned:
    """Verify the rows of one part."""
    from .parts import scan  # noqa: PLC0415 - after Django was set up

    return scan(part)
