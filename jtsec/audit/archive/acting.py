"""Who moves rows out of the log or back: somebody with a name, and a reason."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jtsec.core.context import current
from jtsec.core.exceptions import Refused


def require_actor(reason: str) -> str:
    """
    Return the name of who acts.

    Raises:
        Refused: "unknown-actor" or "no-reason".
    """
    actor = current().actor
    if actor.kind == "anonymous" or not actor.username:
        raise Refused("unknown-actor", _("Say who moves events."))
    if not reason.strip():
        raise Refused("no-reason", _("Say why events are moved."))
    return actor.username
