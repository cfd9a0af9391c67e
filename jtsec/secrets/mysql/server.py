"""Accounts of MySQL and MariaDB: what one may do to itself and see of itself."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from jtsec.secrets.accounts import Account
from jtsec.secrets.server import Server

PASSWORD: Final = re.compile(r" IDENTIFIED (?:BY|VIA|WITH) .*$")


class MySQLServer(Server):
    """Speaks to MySQL and MariaDB."""

    def set_own_password(
        self, connection: BaseDatabaseWrapper, account: Account
    ) -> None:
        """Set it by the one statement that needs no right over other accounts."""
        server: Any = connection
        text = "SET PASSWORD = %s"
        if server.mysql_is_mariadb:
            # There the plain form wants the digest, of whatever method the account has.
            text = "SET PASSWORD = PASSWORD(%s)"
        with connection.cursor() as cursor:
            cursor.execute(text, [account.password])

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


SERVER: Final = MySQLServer()
