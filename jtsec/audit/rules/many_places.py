"""Many places: one user acts from several addresses in a short time (A5.7)."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Severity
from jtsec.core.context import Actor

from .rule import Finding, Memory, Rule, World
from .sighting import Sighting

MINUTE: Final = 60
MOST: Final = 32


class ManyPlaces(Rule):
    """
    Remembers a user's latest addresses, each with its time.

    Told once for each address that is one too many, so that a further place is told
    again and the coming and going between two of them is not.
    """

    name = "many-places"
    title = _("Many places")
    explains = _("One user acts from several addresses within minutes.")
    sentences = {
        "": _(
            "%(subject)s acted from %(count)s addresses within %(minutes)s minutes: "
            "%(addresses)s."
        )
    }
    titles = {"addresses": _("Addresses"), "minutes": _("Minutes")}
    clause = "A5.7"
    severity = Severity.ALARM
    place = "mp"

    def observe(
        self,
        sighting: Sighting,
        actor: Actor,
        memory: Memory,
        limits: Any,
        world: World,
    ) -> Finding | None:
        """Count the addresses."""
        address = sighting.row.source_address
        if not address:
            return None
        piece: list[list[Any]] = memory.setdefault(self.place, [])
        if piece and piece[-1][0] == address:
            piece[-1][1] = sighting.second
            return None
        since = sighting.second - limits.minutes * MINUTE
        is_known = any(one[0] == address and one[1] >= since for one in piece)
        lately = [one for one in piece if one[1] >= since and one[0] != address]
        memory[self.place] = [*lately[-MOST:], [address, sighting.second]]
        if is_known or len(lately) + 1 < limits.addresses:
            return None
        return self.found(
            sighting, actor.uid, limits, count=len(lately) + 1, minutes=limits.minutes,
            addresses=", ".join([*(one[0] for one in lately), address]),
        )  # fmt: skip
