"""
What can go wrong with sealing.

    JtsecError
    ├── CannotVerify
    │   ├── CannotSeal      nothing was sealed; the records wait, none is lost
    │   └── CannotRead      an anchor cannot be read back
    └── VerifiedFalse
        └── CheckpointAltered   the checkpoint to build on is not what was written
"""

from __future__ import annotations

from jtsec.core.exceptions import CannotVerify, VerifiedFalse


class CannotSeal(CannotVerify):
    """Says that nothing could be sealed, and why; the next pass tries again."""


class CannotRead(CannotVerify):
    """Says that an anchor cannot be read back: it is not there, or only takes."""


class CheckpointAltered(VerifiedFalse):
    """
    Says that a checkpoint is not what was written (A5.8).

    Args:
        number: which.
        what: what does not hold, in a few words.
    """

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"audit checkpoint {number}: {what}")
        self.number = number
        self.what = what
