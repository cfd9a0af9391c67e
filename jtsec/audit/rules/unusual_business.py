"""
Unusual business: far more of something than this user, or anybody near, does (A5.7).

Each day is compared, for each kind of activity, with two things: the user's own last
thirty days of work, and those of the peers, who have the same duty and are nearest in
organisation. Only what is above both is told: who changes the desk does what the new
colleagues do, and who always did most keeps doing so. Then the same day of the peers
is looked at: when the whole office is busy, nobody is unusual.

The comparison is `robust`: median and median absolute deviation, on square roots. It
is made while the day goes on, at the event with which it is too much. Without history
of one's own the peers decide alone, with twice the tolerance; without either, nothing
is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Severity
from jtsec.core.context import Actor

from .robust import limit
from .rule import Finding, Memory, Rule, World
from .sighting import Sighting, date_of

HISTORY: Final = 30
"""Working days that are remembered."""

MOST_ACTIVITIES: Final = 24
OTHER: Final = "other"
LEAST_PEERS: Final = 4
HELD_BACK: Final = 1.2
"""How much more it must become before peers are asked again."""

D, COUNTS, PAST, DAYS, LIMITS = "d", "c", "h", "n", "l"
"""Of a piece: the day, its counts, the past counts, how many days, the limits."""


class UnusualBusiness(Rule):
    """Compares a day with the user's own past and with the peers."""

    name = "unusual-business"
    title = _("Unusual business")
    explains = _("One user does far more of something than they and their peers do.")
    sentences = {
        "": _(
            "%(subject)s did %(activity)s %(count)s times on %(day)s; usual for the "
            "user is up to %(own)s, for colleagues up to %(peers)s."
        )
    }
    titles = {
        "score": _("Robust standard deviations"),
        "least": _("Least events of one kind a day"),
        "days": _("Days of history needed"),
    }
    clause = "A5.7"
    severity = Severity.WARNING
    place = "ub"
    warmup_days = 45

    def observe(
        self,
        sighting: Sighting,
        actor: Actor,
        memory: Memory,
        limits: Any,
        world: World,
    ) -> Finding | None:
        """Count, and compare when a count reaches its limit."""
        piece = memory.get(self.place)
        if piece is None:
            piece = memory[self.place] = {
                D: sighting.day, COUNTS: {}, PAST: {}, DAYS: 0, LIMITS: {}
            }  # fmt: skip
        # A late commit of yesterday's last minute is counted to today.
        elif not sighting.day <= piece[D] <= sighting.day + 1:
            _begin_day(piece, sighting.day)
        counts = piece[COUNTS]
        activity = sighting.activity
        if activity not in counts and len(counts) >= MOST_ACTIVITIES:
            activity = OTHER
        number = counts[activity] = counts.get(activity, 0) + 1
        if number < limits.least or number <= piece[LIMITS].get(activity, 0):
            return None
        return self._compare(sighting, actor, piece, activity, limits, world)

    def _compare(
        self,
        sighting: Sighting,
        actor: Actor,
        piece: dict[str, Any],
        activity: str,
        limits: Any,
        world: World,
    ) -> Finding | None:
        number = piece[COUNTS][activity]
        own = _own_limit(piece, activity, limits)
        peers = {
            uid: one[self.place]
            for uid, one in world.peers_of(actor).items()
            if self.place in one and uid != actor.uid
        }
        others = _peer_limit(peers, activity, limits, is_alone=own is None)
        if own is None and others is None:
            piece[LIMITS][activity] = number * HELD_BACK
            return None
        usual = max(own or 0, others or 0, limits.least)
        if number <= usual:
            piece[LIMITS][activity] = usual
            return None
        if number <= _today_limit(peers, activity, sighting.day, limits):
            piece[LIMITS][activity] = number * HELD_BACK
            return None
        # Twice as much is another finding; one more is not.
        piece[LIMITS][activity] = number * 2
        shown = date_of(piece[D]).isoformat()
        return self.found(
            sighting, f"{actor.uid} {shown}", limits,
            activity=activity, count=number, day=shown,
            own=None if own is None else int(own),
            peers=None if others is None else int(others),
        )  # fmt: skip


def _begin_day(piece: dict[str, Any], day: int) -> None:
    """Put the day that is over into the past; a day without events is none."""
    past, counts = piece[PAST], piece[COUNTS]
    for activity in counts:
        if activity not in past and len(past) < MOST_ACTIVITIES:
            past[activity] = [0] * piece[DAYS]
    for activity in list(past):
        past[activity] = [*past[activity], counts.get(activity, 0)][-HISTORY:]
        if not any(past[activity]):
            del past[activity]
    piece[DAYS] = min(piece[DAYS] + 1, HISTORY)
    piece[D], piece[COUNTS], piece[LIMITS] = day, {}, {}


def _own_limit(piece: dict[str, Any], activity: str, limits: Any) -> float | None:
    if piece[DAYS] < limits.days:
        return None
    return limit(piece[PAST].get(activity) or [0] * piece[DAYS], limits.score)


def _peer_limit(
    peers: Mapping[str, Memory], activity: str, limits: Any, *, is_alone: bool
) -> float | None:
    """Return what is much for the peers, None where there are too few of them."""
    known = [one for one in peers.values() if one[DAYS]]
    if len(known) < LEAST_PEERS:
        return None
    pooled: list[int] = []
    for one in known:
        pooled += one[PAST].get(activity) or [0] * one[DAYS]
    return limit(pooled, limits.score * (2 if is_alone else 1))


def _today_limit(
    peers: Mapping[str, Memory], activity: str, day: int, limits: Any
) -> float:
    """Return what is much today, so far; 0 where too few of the peers are at work."""
    today = [one[COUNTS].get(activity, 0) for one in peers.values() if one[D] == day]
    return limit(today, limits.score) if len(today) >= LEAST_PEERS else 0.0
