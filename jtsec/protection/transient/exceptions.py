"""
What goes wrong with transient data.

    JtsecError
    ├── Refused
    │   └── NoSession              nobody is logged in whose session could keep it
    ├── VerifiedFalse
    │   └── TransientAltered       an entry is not what was put there
    └── CannotVerify
        └── TransientUnreadable    its key is not in the ring
"""

from __future__ import annotations

from jtsec.core.exceptions import CannotVerify, Refused, VerifiedFalse


class NoSession(Refused):
    """Says that a request has no live session of somebody who is logged in."""

    def __init__(self) -> None:
        super().__init__("no-session")


class TransientAltered(VerifiedFalse):
    """Says that an entry was altered, moved, or given a longer life."""


class TransientUnreadable(CannotVerify):
    """Says that the key an entry names is not in the ring; nothing is known."""
