"""
Shows events to the rules, in the order in which they happened, and collects findings.

Everything a look needs is here and nothing of the database's transactions: the watcher
runs it over a checkpoint, a trial over past days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from jtsec.audit.events import Severity
from jtsec.audit.policies.api import Aspect
from jtsec.core.context import Actor

from .catalogue import DORMANT_ACCOUNT, FAILED_INTEGRITY, OF_PERSONS, RULES
from .dormant_account import SUBJECTS
from .failed_integrity import tells_of_altered_data
from .office_hours import Days
from .reading import Row
from .remembering import LAST, Memories, note_actor
from .rule import Finding, Limits, Memory, Rule, World
from .sighting import Sighting
from .thresholds import Thresholds

EVENT_POLICY: Final = "event-policy"
"""Finds the events for which a policy wants an alarm."""

ALARM_ITSELF: Final = "event"
"""Finds the events that are alarms by themselves."""

OWN_EVENTS: Final = "audit:alarm:"
"""An alarm about an alarm would never end."""


class Watched:
    """
    One user of a look.

    Args:
        actor: who, as the rows tell.
        memory: what is remembered of them.
        rules: the rules that hold for them, each with its thresholds.
    """

    __slots__ = ("actor", "memory", "rules")

    def __init__(
        self, actor: Actor, memory: Memory, rules: list[tuple[Rule, Limits]]
    ) -> None:
        self.actor = actor
        self.memory = memory
        self.rules = rules


class Engine(World):
    """
    Runs the rules.

    Args:
        memories: what is remembered.
        thresholds: what holds for whom.
        only: the names of the rules to run; None for all, event policies and events
            that are alarms by themselves included.
    """

    def __init__(
        self,
        memories: Memories,
        thresholds: Thresholds,
        only: Collection[str] | None = None,
    ) -> None:
        self.days = Days()
        self.memories = memories
        self.touched: set[str] = set()
        self._thresholds = thresholds
        self._only = only
        self._of_persons = [rule for rule in OF_PERSONS if self._runs(rule.name)]
        self._watched: dict[tuple[Any, ...], Watched] = {}
        self._ordinary: dict[str, bool] = {}
        self._altered_codes = _joined(thresholds.anywhere(FAILED_INTEGRITY, "codes"))
        self._has_event_policies = only is None and thresholds.policies.has(
            Aspect.EVENT
        )

    def observe(self, rows: Iterable[Row]) -> list[Finding]:
        """
        Return what the rules make of events.

        Args:
            rows: of one piece of the log; sorted here, for members of a checkpoint
                stand in the order of their numbers and not of their times.
        """
        sightings = sorted(map(Sighting, rows), key=_when)
        self.memories.prepare({one.row.actor_uid for one in sightings} - {""})
        findings: list[Finding] = []
        for sighting in sightings:
            self._look_at(sighting, findings)
        return findings

    def _look_at(self, sighting: Sighting, findings: list[Finding]) -> None:
        """Show one event to every rule that holds for who made it."""
        row = sighting.row
        if row.actor_uid and row.actor_kind == "person":
            watched = self._watched_of(row)
            memory, actor = watched.memory, watched.actor
            for rule, limits in watched.rules:
                found = rule.observe(sighting, actor, memory, limits, self)
                if found is not None:
                    findings.append(found)
            memory[LAST] = sighting.second
        is_ordinary = self._ordinary.get(sighting.code)
        if is_ordinary is None:
            is_ordinary = self._ordinary[sighting.code] = self._is_ordinary(sighting)
        if not is_ordinary or row.severity >= Severity.ALARM:
            self._look_closer(sighting, findings)

    def memory_of(self, uid: str) -> Memory:
        """Return what is remembered of another user."""
        self.memories.prepare({uid})
        return self.memories.of(uid)

    def peers_of(self, actor: Actor) -> Mapping[str, Memory]:
        """Return the memories of a user's peers."""
        return self.memories.peers_of(actor)

    def limits_of(self, rule: str, actor: Actor) -> Limits | None:
        """Return the thresholds of a rule for somebody, None where it is off."""
        return self._thresholds.of(RULES[rule], actor)

    def _runs(self, rule: str) -> bool:
        return self._only is None or rule in self._only

    def _watched_of(self, row: Row) -> Watched:
        key = row.actor_uid, row.actor_organisation, row.actor_duty, row.actor_is_police
        watched = self._watched.get(key)
        if watched is None:
            watched = self._watched[key] = self._begin(actor_of(row))
            note_actor(watched.memory, watched.actor)
        self.touched.add(row.actor_uid)
        return watched

    def _begin(self, actor: Actor) -> Watched:
        rules = [
            (rule, limits)
            for rule in self._of_persons
            if (limits := self.limits_of(rule.name, actor)) is not None
        ]
        return Watched(actor, self.memories.of(actor.uid), rules)

    def _note_subject(self, sighting: Sighting) -> None:
        kind, _, uid = sighting.row.resource.partition(":")
        if kind != "identity" or not uid:
            return
        memory = self.memory_of(uid)
        DORMANT_ACCOUNT.note_subject(sighting, memory)
        memory[LAST] = max(memory.get(LAST, 0.0), sighting.second)
        self.touched.add(uid)

    def _is_ordinary(self, sighting: Sighting) -> bool:
        """Answer whether events of a code are nothing but what somebody did."""
        code = sighting.code
        return not (
            self._has_event_policies
            or code in SUBJECTS
            or tells_of_altered_data(code, self._altered_codes)
        )

    def _look_closer(self, sighting: Sighting, findings: list[Finding]) -> None:
        """Take an event for what it is by itself, whoever made it."""
        actor = actor_of(sighting.row)
        if sighting.code in SUBJECTS and self._runs(DORMANT_ACCOUNT.name):
            self._note_subject(sighting)
        if sighting.code.startswith(OWN_EVENTS):
            return
        found = None
        if self._runs(FAILED_INTEGRITY.name):
            limits = self.limits_of(FAILED_INTEGRITY.name, actor)
            found = FAILED_INTEGRITY.observe(sighting, actor, {}, limits, self)
        if self._only is None:
            found = found or _alarm_itself(sighting)
            findings.extend(self._by_policy(sighting, actor))
        if found is not None:
            findings.append(found)

    def _by_policy(self, sighting: Sighting, actor: Actor) -> Iterator[Finding]:
        terms = self._thresholds.policies.terms(Aspect.EVENT, sighting.code, actor)
        if not terms.is_on:
            return
        severity = Severity.ALARM if terms.severity is None else terms.severity
        yield Finding(
            EVENT_POLICY,
            f"{sighting.code} {actor.uid or sighting.row.source_address}",
            sighting,
            int(severity),
            {"event": sighting.code, "policy": terms.policies[-1]},
        )


def actor_of(row: Row) -> Actor:
    """Return who acted, as a row tells."""
    return Actor(
        row.actor_kind,
        row.actor_uid,
        row.actor_username,
        row.actor_name,
        row.actor_is_police,
        row.actor_organisation,
        row.actor_duty,
    )


def _alarm_itself(sighting: Sighting) -> Finding | None:
    if sighting.row.severity < Severity.ALARM:
        return None
    return Finding(ALARM_ITSELF, "", sighting, sighting.row.severity)


def _joined(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for some in lists for one in some))


def _when(sighting: Sighting) -> tuple[float, int]:
    return sighting.second, sighting.row.id
