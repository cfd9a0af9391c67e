"""Out of hours: somebody works while the office is closed (A5.7)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Severity
from jtsec.core.context import Actor

from .office_hours import is_open, night_of
from .rule import Finding, Memory, Rule, World
from .sighting import Sighting, date_of


class OutOfHours(Rule):
    """
    Counts a user's events of one night or free day, and tells of each night once.

    A few are let pass: a session that runs into the evening, a password changed in
    time. Whose office hours are others (shifts, an operations room) gets a policy.
    """

    name = "out-of-hours"
    title = _("Out of hours")
    explains = _("One user works at night, on a free day or on a holiday.")
    sentences = {
        "": _(
            "%(subject)s made %(count)s events outside of office hours on %(day)s, the "
            "last at %(time)s."
        )
    }
    titles = {
        "times": _("Office hours"),
        "weekdays": _("Weekdays with office hours"),
        "events": _("Events in one night or free day"),
    }
    clause = "A5.7"
    severity = Severity.WARNING
    place = "oh"

    def observe(
        self,
        sighting: Sighting,
        actor: Actor,
        memory: Memory,
        limits: Any,
        world: World,
    ) -> Finding | None:
        """Count what happens while the office is closed."""
        day, minute = sighting.day, sighting.minute
        if is_open(world.days, day, minute, limits):
            return None
        night = night_of(day, minute, limits)
        piece = memory.get(self.place)
        if piece is None or piece[0] != night:
            piece = memory[self.place] = [night, 0]
        piece[1] += 1
        if piece[1] != limits.events:
            return None
        shown = date_of(night).isoformat()
        return self.found(
            sighting, f"{actor.uid} {shown}", limits,
            count=limits.events, day=shown, time=f"{minute // 60:02}:{minute % 60:02}",
        )  # fmt: skip
