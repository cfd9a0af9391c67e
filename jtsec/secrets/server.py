"""What the rotation asks of a database server, as the account itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from secrets import token_hex
from typing import Final

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from .accounts import Account
from .exceptions import AccountUnusable
from .taking_up import ACCOUNTS

SERVERS: Final = {
    "postgresql": "jtsec.secrets.postgresql.server",
    "mysql": "jtsec.secrets.mysql.server",
}


class Server(ABC):
    """
    One kind of server.

    All of it is what an account may do to itself: no account with power over others
    is needed, and none has to be kept.
    """

    @abstractmethod
    def set_own_password(
        self, connection: BaseDatabaseWrapper, account: Account
    ) -> None:
        """Give the account that is connected this password."""

    @abstractmethod
    def is_alone(self, connection: BaseDatabaseWrapper, name: str) -> bool:
        """Take a name until this connection ends; False: another one has it."""

    @abstractmethod
    def rights(self, connection: BaseDatabaseWrapper) -> frozenset[str]:
        """Return what the application may do through this connection, in words."""

    @abstractmethod
    def sessions_in_use(
        self, connection: BaseDatabaseWrapper, user: str, seconds: float
    ) -> list[str]:
        """
        Return who worked as a user within so many seconds, as server and client know.

        Args:
            connection: of that user; it is not counted itself.
            user: the account.
            seconds: whoever did nothing for so long is not counted.
        """


def server_of(alias: str) -> Server:
    """
    Return the kind of server behind an alias.

    Raises:
        ConfigurationError: for this kind there is none.
    """
    vendor = connections[alias].vendor
    if vendor not in SERVERS:
        raise ConfigurationError(
            _("passwords are changed on PostgreSQL and MySQL, not on %(vendor)s")
            % {"vendor": vendor}
        )
    made: Server = import_module(SERVERS[vendor]).SERVER
    return made


@contextmanager
def connected_as(alias: str, account: Account) -> Iterator[BaseDatabaseWrapper]:
    """
    Give a second connection, as this account, closed with the block.

    Raises:
        AccountUnusable: the server does not let it in; the reason is the server's.
    """
    outer, own = connections[alias], f"{alias}+{token_hex(4)}"
    connections[own] = inner = outer.copy(own)
    inner.settings_dict |= {"USER": account.user, "PASSWORD": account.password}
    inner.settings_dict.pop(ACCOUNTS, None)
    inner.settings_dict["AUTOCOMMIT"] = True
    try:
        try:
            inner.ensure_connection()
        except Error as error:
            raise AccountUnusable(
                _("the database does not let %(user)s in: %(error)s")
                % {"user": account.user, "error": str(error).strip()}
            ) from None
        yield inner
    finally:
        inner.close()
        del connections[own]


def lets_in(alias: str, account: Account) -> bool:
    """Answer whether the server takes this password."""
    try:
        with connected_as(alias, account):
            return True
    except AccountUnusable:
        return False
