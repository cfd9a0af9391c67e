"""
The verbs of sealing.

    seal_now()
    for checkpoint in checkpoints_after(cursor):
        for record in members_of(checkpoint):
            ...

Whoever follows the log walks it by checkpoint numbers with a cursor of their own:
every record belongs to exactly one checkpoint, so nothing is missed that was committed
late, and nothing is seen twice.
"""

from __future__ import annotations

from .body import CheckpointBody, MalformedBody, parse_body
from .exceptions import CannotRead, CannotSeal, CheckpointAltered
from .leaf import leaf_of
from .reading import checkpoint_of, checkpoints_after, last_checkpoint, members_of

__all__ = [
    "CannotRead",
    "CannotSeal",
    "CheckpointAltered",
    "CheckpointBody",
    "MalformedBody",
    "checkpoint_of",
    "checkpoints_after",
    "last_checkpoint",
    "leaf_of",
    "members_of",
    "parse_body",
]
