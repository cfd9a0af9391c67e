"""The verbs of authentication: what the rest of the world may call."""

from __future__ import annotations

from .blocks import (
    block_of_terminal,
    block_of_user,
    lift,
    lift_in_emergency,
    list_blocks,
)
from .exceptions import Locked, LoginRefused, Overloaded
from .lockout import Reservation, attempt, reserve
from .passwords import Finding, Match, matches, set_password

__all__ = [
    "Finding",
    "Locked",
    "LoginRefused",
    "Match",
    "Overloaded",
    "Reservation",
    "attempt",
    "block_of_terminal",
    "block_of_user",
    "lift",
    "lift_in_emergency",
    "list_blocks",
    "matches",
    "reserve",
    "set_password",
]
