"""The account that stands by must be able to do the application's work."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from .accounts import Accounts
from .exceptions import AccountUnusable
from .server import connected_as, server_of

SHOWN: Final = 5


def require_alike(alias: str, accounts: Accounts) -> None:
    """
    Return if the standby account may do all that the active one may.

    Raises:
        AccountUnusable: it may not, or the server does not let one of them in.
    """
    server = server_of(alias)
    with connected_as(alias, accounts.in_force) as connection:
        wanted = server.rights(connection)
    with connected_as(alias, accounts.standby) as connection:
        missing = sorted(wanted - server.rights(connection))
    if not missing:
        return
    named = [*missing[:SHOWN], *(["…"] if len(missing) > SHOWN else [])]
    raise AccountUnusable(
        _("%(user)s lacks what %(active)s may do: %(rights)s")
        % {
            "user": accounts.standby.user,
            "active": accounts.active,
            "rights": "; ".join(named),
        }
    )
