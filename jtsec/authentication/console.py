"""
Who stands behind a command on the server's console.

Whoever can run a command there could read the keys and write to the database anyway;
so no password is asked for. What counts is that the deed has a name: somebody who
exists, is in use, is who the seal says, and has the duty. The account of the operating
system is recorded beside it.
"""

from __future__ import annotations

import getpass

from django.utils.translation import gettext as _

from jtsec.core.context import Actor, system_actor
from jtsec.core.exceptions import CannotVerify, Refused, VerifiedFalse
from jtsec.identity.api import actor_of, identity_of, user_by_login_name, verify


def person_named(username: str) -> Actor:
    """
    Return the actor of a registered, active person with a whole seal.

    Raises:
        Refused: "unknown-actor", "inactive-actor" or "sealed-broken".
    """
    try:
        user = user_by_login_name(username)
        identity = identity_of(user)
        if user is None or identity is None:
            raise Refused(
                "unknown-actor", _("Nobody is called %(name)s.") % {"name": username}
            )
        verify(identity)
    except (VerifiedFalse, CannotVerify) as error:
        raise Refused("sealed-broken", str(error)) from error
    if not identity.is_active or not user.is_active:
        raise Refused(
            "inactive-actor", _("%(name)s is not in use.") % {"name": username}
        )
    return actor_of(user)


def nobody_but(name: str) -> Actor:
    """Return the actor of an emergency: a name somebody gave, not a person's rights."""
    return system_actor(name[:150])


def operator() -> str:
    """Return the account of the operating system, "" where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
