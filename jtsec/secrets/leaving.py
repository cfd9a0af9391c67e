"""
Waits until nobody works as the old account, so that its password can be changed.

A server keeps no session from going on when its password changes, so an idle one does
no harm. What must not happen is that somebody still connects with the old password: a
machine that has not got the new store, or a process between reading and connecting.
Both show as sessions that did something a moment ago.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.clock import elapsed
from jtsec.core.exceptions import InputError

from .accounts import Account, Accounts
from .server import connected_as, lets_in, server_of

PAUSE: Final = 0.05
LEAST_QUIET: Final = 1

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Patience:
    """
    How long to wait for the application to leave the old account.

    Args:
        wait: seconds after which this call gives up; the next one goes on.
        quiet: seconds in which nobody may have worked as the old account. More than
            any process takes from reading the store to having connected.
        by_dba: set no password, but wait for the administrator to do it.
    """

    wait: float = 300
    quiet: float = 10
    by_dba: bool = False

    def __post_init__(self) -> None:
        """
        Refuse what would be no waiting.

        Raises:
            InputError: the seconds are fewer than a process needs to connect.
        """
        if not (self.wait >= 0 and self.quiet >= LEAST_QUIET):
            raise InputError(
                _("It has to be quiet for %(least)d second at least.")
                % {"least": LEAST_QUIET},
                field="quiet",
            )


def wait_until_left(
    alias: str, accounts: Accounts, patience: Patience, tell: Tell
) -> tuple[str, ...]:
    """
    Wait until nobody works as the account that stands by, and return who still does.

    Raises:
        AccountUnusable: the server lets neither of its passwords in.
    """
    old, begun = accounts.standby, elapsed()
    if lets_in(alias, Account(old.user, accounts.coming[old.user])):
        return ()  # it was changed already: there is nobody left to be kept out
    server, last, seen = server_of(alias), begun, [old.user]
    with connected_as(alias, old) as connection:
        while True:
            # Watched all the while: a session of one request is soon gone again, and
            # whoever read the store before the switch may be about to connect.
            busy = server.sessions_in_use(connection, old.user, patience.quiet)
            at = elapsed()
            if busy:
                last, seen = at, busy
            elif at - last >= patience.quiet:
                return ()
            if at - begun >= patience.wait:
                return tuple(seen)
            tell(_("Waiting until nobody works as %(user)s.") % {"user": old.user})
            time.sleep(PAUSE)
