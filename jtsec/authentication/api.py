"""The verbs of authentication: what the rest of the world may call."""

from __future__ import annotations

from .account_changes import (
    extend_validity,
    reactivate,
    require_password_change,
    set_restrictions,
    set_validity,
)
from .accounts import account_of
from .authority import NotAllowed
from .blocks import (
    block_of_terminal,
    block_of_user,
    lift,
    lift_in_emergency,
    list_blocks,
)
from .calendar import is_workday, set_days
from .confirming import PasswordAgain, Recorded, recorded_as, require_password
from .entry import (
    OPEN_WHILE_PASSWORD_DUE,
    live_refusal,
    password_due,
    require_entry,
)
from .exceptions import Locked, LoginRefused, Overloaded
from .lockout import Reservation, attempt, reserve
from .notice import Failure, LoginNotice, notice_of
from .passwords import Finding, Match, matches, set_password
from .permission_judge import set_permission_judge
from .places import define_place
from .restriction_forms import normal_networks, normal_terminals
from .shared_restrictions import (
    Restrictions,
    normal_restrictions,
    register_restrictions,
)
from .standing import Standing, standing_of

__all__ = [
    "OPEN_WHILE_PASSWORD_DUE",
    "Failure",
    "Finding",
    "Locked",
    "LoginNotice",
    "LoginRefused",
    "Match",
    "NotAllowed",
    "Overloaded",
    "PasswordAgain",
    "Recorded",
    "Reservation",
    "Restrictions",
    "Standing",
    "account_of",
    "attempt",
    "block_of_terminal",
    "block_of_user",
    "define_place",
    "extend_validity",
    "is_workday",
    "lift",
    "lift_in_emergency",
    "list_blocks",
    "live_refusal",
    "matches",
    "normal_networks",
    "normal_restrictions",
    "normal_terminals",
    "notice_of",
    "password_due",
    "reactivate",
    "recorded_as",
    "register_restrictions",
    "require_entry",
    "require_password",
    "require_password_change",
    "reserve",
    "set_days",
    "set_password",
    "set_permission_judge",
    "set_restrictions",
    "set_validity",
    "standing_of",
]
