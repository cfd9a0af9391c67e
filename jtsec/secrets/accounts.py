"""
Two accounts of one database, kept as one secret, "jtsec.database-accounts/1".

    {"accounts": {"permits_a": {"changed": "<UTC>", "password": "<text>"},
                  "permits_b": {"changed": null, "password": "<text>"}},
     "active": "permits_a", "coming": {"permits_b": "<text>"},
     "format": "jtsec.database-accounts/1"}

One secret, so that who connects reads user and password of the same moment. `coming`
holds passwords that were made and perhaps not set yet: they are written down before
the server is told, or a process that died between would leave an account to which
nobody has the password. `changed` is null where nobody knows how old a password is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from jtsec.core.exceptions import InputError
from jtsec.core.wording import early_gettext as _

from .exceptions import SecretsCorrupt

FORMAT: Final = "jtsec.database-accounts/1"


@dataclass(frozen=True)
class Account:
    """One account, and when its password was set; None where that is unknown."""

    user: str
    password: str = field(repr=False)
    changed: datetime | None = None


@dataclass(frozen=True)
class Accounts:
    """
    The two accounts of a database.

    Args:
        active: the user that the application connects as.
        both: the accounts by user.
        coming: passwords on their way to the server, by user.
    """

    active: str
    both: Mapping[str, Account]
    coming: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def in_force(self) -> Account:
        """Return the account that the application connects as."""
        return self.both[self.active]

    @property
    def standby(self) -> Account:
        """Return the other one."""
        return next(one for one in self.both.values() if one.user != self.active)

    def with_coming(self, passwords: Mapping[str, str]) -> Accounts:
        """Return the same with new passwords written down beside the old ones."""
        return replace(self, coming=dict(passwords))

    def with_taken(self, user: str, at: datetime, *, active: str) -> Accounts:
        """Return the same with the coming password of a user in the old one's place."""
        coming = dict(self.coming)
        taken = Account(user, coming.pop(user), at)
        return Accounts(active, {**self.both, user: taken}, coming)


def new_accounts(first: Account, second: Account) -> Accounts:
    """
    Return two accounts of which the first is active.

    Raises:
        InputError: they are one and the same, or lack a name or a password.
    """
    if not all((first.user, second.user, first.password, second.password)):
        raise InputError(_("An account needs a name and a password."), field="user")
    if first.user == second.user:
        raise InputError(_("Two accounts are needed, not one twice."), field="user")
    return Accounts(first.user, {one.user: one for one in (first, second)})


def dump_accounts(accounts: Accounts) -> str:
    """Return what is kept as the secret's value."""
    content = {
        "format": FORMAT,
        "active": accounts.active,
        "accounts": {
            user: {
                "password": one.password,
                "changed": one.changed and one.changed.astimezone(UTC).isoformat(),
            }
            for user, one in accounts.both.items()
        },
        "coming": dict(accounts.coming),
    }
    return json.dumps(content, sort_keys=True)


def parse_accounts(value: str) -> Accounts:
    """
    Return the accounts in a secret's value.

    Raises:
        SecretsCorrupt: the secret is of another kind, or was edited amiss.
    """
    try:
        content = json.loads(value)
        both = {user: _account(user, one) for user, one in content["accounts"].items()}
        coming = {str(user): str(one) for user, one in content["coming"].items()}
        active = str(content["active"])
        is_sound = len(both) == 2 and active in both and set(coming) <= set(both)
        # The active account's comes last: alone it would be nobody's step.
        if content["format"] != FORMAT or not is_sound or set(coming) == {active}:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        # From None: the cause may quote a password.
        raise SecretsCorrupt(_("the secret does not hold two accounts")) from None
    return Accounts(active, both, coming)


def holds_accounts(value: str) -> bool:
    """Answer whether a secret's value is of this kind."""
    try:
        parse_accounts(value)
    except SecretsCorrupt:
        return False
    return True


def _account(user: str, one: Any) -> Account:
    password, changed = one["password"], one["changed"]
    if not user or not isinstance(password, str) or not password:
        raise ValueError
    return Account(user, password, changed and datetime.fromisoformat(changed))
