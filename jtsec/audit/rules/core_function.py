"""Core functions: each use is recorded, and an unusual one raises an alarm (A5.5)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Severity
from jtsec.core.context import Actor

from .office_hours import is_open
from .out_of_hours import OutOfHours
from .rule import Finding, Memory, Rule, World
from .sighting import Sighting, date_of

LEARNING_DAYS: Final = 14
MOST: Final = 64


class CoreFunction(Rule):
    """
    Remembers which core functions a user uses, and how often today.

    Unusual is: the first time after two weeks in which the user did without, a time
    at which the office is closed, and too often in one day. Each is told once a day
    and function.
    """

    name = "core-function"
    title = _("Core function")
    explains = _("A core function is used for the first time, too often, or at night.")
    sentences = {
        "": _("%(subject)s used a core function: %(function)s, %(resource)s."),
        "new": _(
            "%(subject)s used a core function as never before: %(function)s, "
            "%(resource)s."
        ),
        "often": _(
            "%(subject)s used a core function %(count)s times today: %(function)s, "
            "%(resource)s."
        ),
        "closed": _(
            "%(subject)s used a core function outside of office hours: %(function)s, "
            "%(resource)s."
        ),
    }
    titles = {
        "daily": _("Most uses a day"),
        "days": _("Days after which a function is new again"),
        "each": _("Alarm for each use"),
        "everyday": _("Everyday core events"),
    }
    clause = "A5.5"
    severity = Severity.WARNING
    place = "cf"
    is_mandatory = True
    warmup_days = 30

    def observe(
        self,
        sighting: Sighting,
        actor: Actor,
        memory: Memory,
        limits: Any,
        world: World,
    ) -> Finding | None:
        """Take note of each day of a user, and of each use."""
        piece = memory.get(self.place)
        if piece is None:
            piece = memory[self.place] = [sighting.day, sighting.day, {}, {}, []]
        if not sighting.is_core or is_everyday(sighting.code, limits.everyday):
            return None
        if piece[1] != sighting.day:
            piece[1], piece[3], piece[4] = sighting.day, {}, []
        function = sighting.activity
        seen, today, told = piece[2], piece[3], piece[4]
        last = seen.pop(function, None)
        seen[function] = sighting.day
        while len(seen) > MOST:
            seen.pop(next(iter(seen)))
        today[function] = today.get(function, 0) + 1
        why = self._why(sighting, actor, piece, last, limits, world)
        if why is None or [function, why] in told:
            return None
        told.append([function, why])
        shown = date_of(sighting.day).isoformat()
        return self.found(
            sighting, f"{actor.uid} {function} {shown}", limits, why,
            function=function, count=today[function],
        )  # fmt: skip

    def _why(
        self,
        sighting: Sighting,
        actor: Actor,
        piece: list[Any],
        last: int | None,
        limits: Any,
        world: World,
    ) -> str | None:
        """Return which of the sentences a use deserves, None when it is usual."""
        since, function = piece[0], sighting.activity
        if limits.each:
            return ""
        if piece[3].get(function, 0) > limits.daily:
            return "often"
        is_learning = sighting.day - since < LEARNING_DAYS
        if not is_learning and (last is None or sighting.day - last > limits.days):
            return "new"
        hours = world.limits_of(OutOfHours.name, actor)
        if hours and not is_open(world.days, sighting.day, sighting.minute, hours):
            return "closed"
        return None


@lru_cache(maxsize=4096)
def is_everyday(code: str, patterns: tuple[str, ...]) -> bool:
    """Answer whether a core event is left to other rules."""
    return any(
        code.startswith(one[:-1]) if one.endswith("*") else code == one
        for one in patterns
    )
