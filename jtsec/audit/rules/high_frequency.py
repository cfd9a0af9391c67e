"""High frequency: more events of one user than hands can make (A5.7)."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Severity
from jtsec.core.context import Actor

from .rule import Finding, Memory, Rule, World
from .sighting import Sighting
from .sliding import count

HOUR: Final = 3600


class HighFrequency(Rule):
    """
    Counts a user's events within a minute and within an hour.

    The minute finds the program, the hour the one that was told to be slow. A rush is
    told once: it has to fall to half before it can be told again.
    """

    name = "high-frequency"
    title = _("High frequency")
    explains = _("One user makes more events in a minute, or an hour, than usual work.")
    sentences = {
        "": _(
            "%(subject)s made %(count)s events in %(seconds)s seconds; the limit is "
            "%(limit)s."
        )
    }
    titles = {
        "events": _("Most events within the time below"),
        "seconds": _("That time, in seconds"),
        "hourly": _("Most events in an hour"),
    }
    clause = "A5.7"
    severity = Severity.ALARM
    place = "hf"

    def observe(
        self,
        sighting: Sighting,
        actor: Actor,
        memory: Memory,
        limits: Any,
        world: World,
    ) -> Finding | None:
        """Count, and tell of the event with which it is too many."""
        piece = memory.setdefault(self.place, [[], 0, [], 0])
        found = None
        for at, width, limit in (
            (0, limits.seconds, limits.events),
            (2, HOUR, limits.hourly),
        ):
            number = count(piece[at], sighting.second, width)
            if piece[at + 1]:
                piece[at + 1] = int(number > limit // 2)
            elif number > limit:
                piece[at + 1] = 1
                found = found or self.found(
                    sighting, actor.uid, limits,
                    count=number, seconds=width, limit=limit,
                )  # fmt: skip
        return found
