"""Dormant account: nobody used it for a year, and then somebody does (A5.7)."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Severity
from jtsec.core.context import Actor

from .rule import Finding, Memory, Rule, World
from .sighting import Sighting

DAY: Final = 86_400
REGISTERED: Final = frozenset({"identity:person:registered"})
SWITCHED_OFF: Final = frozenset(
    {"identity:person:deactivated", "identity:person:deleted"}
)
SWITCHED_ON: Final = frozenset({"identity:person:reactivated"})
SUBJECTS: Final = REGISTERED | SWITCHED_OFF | SWITCHED_ON
"""Events that tell of another account than the actor's, as "identity:uid"."""


class DormantAccount(Rule):
    """
    Remembers when a user was last seen.

    Two findings: the account wakes after so long, which is how a forgotten one is
    misused; and it has been asleep so long, which `sweep` tells of, so that somebody
    closes it before. The account's beginning counts as use; a closed one is no matter.
    """

    name = "dormant-account"
    title = _("Dormant account")
    explains = _("An account is used again, or still unused, after a year.")
    sentences = {
        "": _("The account %(subject)s was used again after %(idle)s days."),
        "unused": _("The account %(subject)s was not used for %(idle)s days."),
    }
    titles = {"days": _("Days without use")}
    clause = "A5.7"
    severity = Severity.ALARM
    place = "da"

    def observe(
        self,
        sighting: Sighting,
        actor: Actor,
        memory: Memory,
        limits: Any,
        world: World,
    ) -> Finding | None:
        """Tell of an account that wakes."""
        piece = memory.get(self.place)
        memory[self.place] = [sighting.second, 0, 0]
        if piece is None:
            return None
        idle = (sighting.second - piece[0]) / DAY
        if idle < limits.days:
            return None
        return self.found(sighting, actor.uid, limits, idle=int(idle))

    def note_subject(self, sighting: Sighting, memory: Memory) -> None:
        """Take note that an account was opened, closed, or opened again."""
        piece = memory.setdefault(self.place, [sighting.second, 0, 0])
        if sighting.code in SWITCHED_OFF:
            piece[2] = 1
        elif sighting.code in SWITCHED_ON:
            memory[self.place] = [sighting.second, 0, 0]

    def sweep(self, memory: Memory, second: float, limits: Any) -> int:
        """
        Return for how many days an account has slept, once; 0 for one that has not.

        Args:
            memory: what is remembered of its user, changed.
            second: now, in seconds since 1970.
            limits: the thresholds for its user.
        """
        piece = memory.get(self.place)
        if piece is None or piece[1] or piece[2]:
            return 0
        idle = int((second - piece[0]) / DAY)
        if idle < limits.days:
            return 0
        piece[1] = 1
        return idle
