"""
Connections take up the account in force, each time that they are opened.

    DATABASES = {"default": with_accounts({...}, "db.accounts")}

A password from the settings is the one of the process's start: when it changes, the
process must be started anew. Here the store is asked at every new connection, and at
the beginning of every request whether the connection at hand is still of the account
in force. That costs one `stat` of the store; it is opened when it has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.wording import early_gettext as _

from .accounts import Account, parse_accounts
from .api import secret
from .places import store_file

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper as Wrapper
else:
    Wrapper = object

ACCOUNTS: Final = "JTSEC_ACCOUNTS"
"""In an entry of DATABASES: under which name the accounts are kept."""
ENGINES: Final = {
    "django.db.backends.postgresql": "jtsec.secrets.postgresql",
    "django.db.backends.mysql": "jtsec.secrets.mysql",
}


class _Held(NamedTuple):
    """What was read, and from which file."""

    file: tuple[str, int, int, int]
    account: Account


_held: dict[str, _Held] = {}


def with_accounts(entry: Mapping[str, Any], name: str) -> dict[str, Any]:
    """
    Return an entry of DATABASES whose account is kept in the store (P44.2).

    May be called in settings.py: no setting is read.

    Args:
        entry: as Django has it, without USER and PASSWORD.
        name: as it was given to `python -m jtsec.secrets accounts`.

    Raises:
        ConfigurationError: for this ENGINE there is none of ours.
        UnknownSecret, SecretsUnavailable, SecretsExposed, SecretsCorrupt: as `secret`.
    """
    engine = entry.get("ENGINE", "")
    if engine not in ENGINES and engine not in ENGINES.values():
        raise ConfigurationError(
            _(
                "accounts are kept for PostgreSQL and MySQL; another ENGINE puts "
                "jtsec.secrets.taking_up.TakesUpAccount before its DatabaseWrapper"
            )
        )
    account = parse_accounts(secret(name)).in_force
    return {
        **entry,
        "ENGINE": ENGINES.get(engine, engine),
        # For `dbshell`; connections ask the store.
        "USER": account.user,
        "PASSWORD": account.password,
        ACCOUNTS: name,
    }


def account_in_force(name: str) -> Account:
    """
    Return the account to connect as, as it is in the store now.

    Raises:
        UnknownSecret, SecretsUnavailable, SecretsExposed, SecretsCorrupt: as `secret`.
    """
    # Before it is read: a file replaced between is read again the next time.
    file = _file()
    held = _held.get(name)
    if held is None or held.file != file or file is None:
        account = parse_accounts(secret(name)).in_force
        if file is None:
            return account
        held = _held[name] = _Held(file, account)
    return held.account


def _file() -> tuple[str, int, int, int] | None:
    path = store_file()
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_ino, found.st_mtime_ns, found.st_size


class TakesUpAccount(Wrapper):
    """Stands before a `DatabaseWrapper` of Django's, and asks the store for both."""

    jtsec_account: Account | None = None
    Database: Any

    def get_connection_params(self) -> dict[str, Any]:
        """Return Django's parameters with the user and password in force."""
        params = super().get_connection_params()
        name = self.settings_dict.get(ACCOUNTS)
        if not name:
            return params
        if self.settings_dict["OPTIONS"].get("pool"):
            # It keeps the parameters of its own beginning, old passwords with them.
            raise ConfigurationError(_("a pool cannot take up another account"))
        account = self.jtsec_account = account_in_force(name)
        return {**params, "user": account.user, "password": account.password}

    def connect(self) -> None:
        """Connect; again where the account changed while that was on its way."""
        try:
            super().connect()
        except self.Database.OperationalError:
            if not self._is_outdated():
                raise
            super().connect()

    def close_if_unusable_or_obsolete(self) -> None:
        """Close, between requests, also what is connected as another account."""
        is_free = self.connection is not None and not self.in_atomic_block
        if is_free and self._is_outdated():
            self.close()
        else:
            super().close_if_unusable_or_obsolete()

    def _is_outdated(self) -> bool:
        name = self.settings_dict.get(ACCOUNTS)
        if not name:
            return False
        try:
            return account_in_force(name) != self.jtsec_account
        except ConfigurationError:
            return False  # what is connected serves on; the next one says what is wrong
