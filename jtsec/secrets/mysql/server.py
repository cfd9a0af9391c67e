"""Accounts of MySQL and MariaDB: what one may do to itself and see of itself."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from jtsec.secrets.accounts import Account
from jtsec.secrets.server import Server

NATIVE: Final = " IDENTIFIED BY PASSWORD "
PASSWORD: Final = re.compile(r" IDENTIFIED (?:BY|VIA|WITH) .*$")


class MySQLServer(Server):
    """Speaks to MySQL and MariaDB."""

    def set_own_password(
        self, connection: BaseDatabaseWrapper, account: Account
    ) -> None:
        """Set it by the one statement that needs no right over other accounts."""
        server: Any = connection
        text, value = "SET PASSWORD = %s", account.password
        with connection.cursor() as cursor:
            if server.mysql_is_mariadb:
                # Its log of statements shows them as they come: a digest, where it may
                # be made here; MySQL leaves passwords out by itself.
                cursor.execute("SHOW GRANTS")
                if any(NATIVE in str(row[0]) for row in cursor.fetchall()):
                    value = _digest(value)
                else:
                    text = "SET PASSWORD = PASSWORD(%s)"
            cursor.execute(text, [value])

    def is_alone(self, connection: BaseDatabaseWrapper, name: str) -> bool:
        """Take a named lock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT GET_LOCK(%s, 0)", [name])
            return bool(cursor.fetchone()[0])

    def rights(self, connection: BaseDatabaseWrapper) -> frozenset[str]:
        """Return the grants, with no word of whose they are."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT CURRENT_USER()")
            user, host = cursor.fetchone()[0].rsplit("@", 1)
            cursor.execute("SHOW GRANTS")
            grants = [str(row[0]) for row in cursor.fetchall()]
        names = (f"`{user}`@`{host}`", f"'{user}'@'{host}'")
        return frozenset(PASSWORD.sub("", _without(one, names)) for one in grants)

    def sessions_in_use(
        self, connection: BaseDatabaseWrapper, user: str, seconds: float
    ) -> list[str]:
        """Ask for the account's own sessions, which it sees without further rights."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT CONNECTION_ID()")
            own = cursor.fetchone()[0]
            cursor.execute("SHOW PROCESSLIST")
            rows = cursor.fetchall()
        return [
            f"{number} {host} {command}"
            for number, name, host, _database, command, idle, *_rest in rows
            if name == user
            and number != own
            # `idle`: whole seconds in this state, rounded down.
            and (command != "Sleep" or idle is None or idle <= seconds)
        ]


def _without(grant: str, names: tuple[str, ...]) -> str:
    for name in names:
        grant = grant.replace(name, "?")
    return grant


def _digest(password: str) -> str:
    """Return what MariaDB keeps of a password of its native method."""

    def sha1(data: bytes) -> bytes:
        return hashlib.sha1(data, usedforsecurity=False).digest()  # its protocol

    return "*" + sha1(sha1(password.encode())).hex().upper()


SERVER: Final = MySQLServer()
