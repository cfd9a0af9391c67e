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

from .anchor import Anchor, AnchoredCheckpoint
from .anchors import anchor_of, anchors
from .body import CheckpointBody, MalformedBody, hash_of, parse_body
from .exceptions import CannotRead, CannotSeal, CheckpointAltered
from .findings import altered_records
from .lag import Lag, lag
from .leaf import leaf_data, leaf_of
from .passes import seal_now
from .reading import checkpoint_of, checkpoints_after, last_checkpoint, members_of
from .responses import seal_when_due

__all__ = [
    "Anchor",
    "AnchoredCheckpoint",
    "CannotRead",
    "CannotSeal",
    "CheckpointAltered",
    "CheckpointBody",
    "Lag",
    "MalformedBody",
    "altered_records",
    "anchor_of",
    "anchors",
    "checkpoint_of",
    "checkpoints_after",
    "hash_of",
    "lag",
    "last_checkpoint",
    "leaf_data",
    "leaf_of",
    "members_of",
    "parse_body",
    "seal_now",
    "seal_when_due",
]
