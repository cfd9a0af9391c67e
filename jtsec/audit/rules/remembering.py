"""
What the rules remember: loaded for those who come up, stored once at the end of a look.

A look at ten thousand events touches some hundred users; each is read and written once.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connections
from django.utils import timezone

from jtsec.core.context import Actor

from .models import RuleMemory
from .rule import Memory

WHO: Final = "w"
"""Where a memory keeps who it is of: user name, name, police, organisation, duty."""

LAST: Final = "t"
"""Where it keeps when they were last seen, in seconds since 1970."""

CHUNK: Final = 400
MOST_PEERS: Final = 300
LEAST_PEERS: Final = 5


class Memories(ABC):
    """Is the base of both kinds: the table's, and that of a trial."""

    def __init__(self) -> None:
        self.held: dict[str, Memory] = {}

    def of(self, uid: str) -> Memory:
        """Return what is remembered of a user, to be changed in place."""
        held = self.held.get(uid)
        if held is None:
            held = self.held[uid] = {}
        return held

    @abstractmethod
    def prepare(self, uids: Collection[str]) -> None:
        """Load what is remembered of users that will come up."""

    def peers_of(self, actor: Actor) -> dict[str, Memory]:
        """
        Return the memories of a user's peers.

        The same duty in the same organisation; where these are too few, in the wider
        one, up to all of the duty.
        """
        found: dict[str, Memory] = {}
        for length in (12, 6, 4, 2, 0):
            found = self.group(actor.duty, actor.organisation[:length])
            if len(found) > LEAST_PEERS:
                break
        return found

    def _held_of(self, duty: str, prefix: str) -> dict[str, Memory]:
        begin = f"{duty} {prefix}"
        return {
            uid: memory
            for uid, memory in self.held.items()
            if _peers(memory).startswith(begin)
        }

    @abstractmethod
    def group(self, duty: str, prefix: str) -> dict[str, Memory]:
        """Return memories of a duty whose organisations begin like this."""


class TableMemories(Memories):
    """
    Keeps them in the table, between two looks.

    Args:
        alias: the database.
    """

    def __init__(self, alias: str) -> None:
        super().__init__()
        self._alias = alias
        self._groups: dict[tuple[str, str], dict[str, Memory]] = {}

    def prepare(self, uids: Collection[str]) -> None:
        """Load with as few statements as may be."""
        wanted = [uid for uid in uids if uid not in self.held]
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            rows = RuleMemory.objects.using(self._alias).filter(uid__in=part)
            self.held |= {row.uid: json.loads(row.state) for row in rows}

    def group(self, duty: str, prefix: str) -> dict[str, Memory]:
        """Return those of the table, and what this look has made of them."""
        stored = self._groups.get((duty, prefix))
        if stored is None:
            rows = RuleMemory.objects.using(self._alias).filter(
                peers__startswith=f"{duty} {prefix}"
            )
            newest = rows.order_by("-active_at")[:MOST_PEERS]
            stored = {row.uid: json.loads(row.state) for row in newest}
            self._groups[duty, prefix] = stored
        return stored | self._held_of(duty, prefix)

    def save(self, changed: Iterable[str]) -> None:
        """Store what was changed; in the transaction in force."""
        self._groups.clear()
        rows = [_row(uid, self.held[uid]) for uid in changed]
        features = connections[self._alias].features
        RuleMemory.objects.using(self._alias).bulk_create(
            rows,
            batch_size=CHUNK,
            update_conflicts=True,
            # MySQL takes the unique key that is hit.
            unique_fields=["uid"]
            if features.supports_update_conflicts_with_target
            else None,
            update_fields=["peers", "state", "active_at"],
        )


class TrialMemories(Memories):
    """Keeps them in this process, for a trial that leaves nothing behind."""

    def prepare(self, uids: Collection[str]) -> None:
        """Do nothing: what is not held was not seen."""

    def group(self, duty: str, prefix: str) -> dict[str, Memory]:
        """Return those seen in the trial."""
        return self._held_of(duty, prefix)


def actor_in(uid: str, memory: Mapping[str, Any]) -> Actor:
    """Return the user a memory is of, as last seen."""
    username, name, is_police, organisation, duty = memory.get(
        WHO, ("", "", None, "", "")
    )
    return Actor("person", uid, username, name, is_police, organisation, duty)


def note_actor(memory: Memory, actor: Actor) -> None:
    """Write down whom a memory is of."""
    memory[WHO] = [
        actor.username,
        actor.name,
        actor.is_police,
        actor.organisation,
        actor.duty,
    ]


def forget_long_past(alias: str, before: datetime) -> int:
    """
    Shorten what is remembered of users who have not been seen for long.

    When they were last seen stays, for that is what is asked of them.

    Returns:
        How many were shortened.
    """
    rows = RuleMemory.objects.using(alias).filter(active_at__lt=before)
    count = 0
    for row in rows.exclude(peers="").iterator(CHUNK):
        memory = json.loads(row.state)
        kept = {name: memory[name] for name in (WHO, LAST, "da") if name in memory}
        row.state, row.peers = _dump(kept), ""
        row.save(using=alias, update_fields=["state", "peers"])
        count += 1
    return count


def asleep_since(alias: str, before: datetime) -> Iterator[RuleMemory]:
    """Yield the memories of users without an event since."""
    rows = RuleMemory.objects.using(alias).filter(active_at__lt=before)
    yield from rows.order_by("pk").iterator(CHUNK)


def put_back(row: RuleMemory, memory: Mapping[str, Any], alias: str) -> None:
    """Store one memory that a sweep has changed."""
    row.state = _dump(memory)
    row.save(using=alias, update_fields=["state"])


def as_moment(second: float) -> datetime:
    """Return a time in the form of the project's columns."""
    at = datetime.fromtimestamp(0, UTC) + timedelta(seconds=second)
    return at if settings.USE_TZ else timezone.make_naive(at)


def _row(uid: str, memory: Memory) -> RuleMemory:
    return RuleMemory(
        uid=uid,
        peers=_peers(memory),
        state=_dump(memory),
        active_at=as_moment(memory.get(LAST, 0)),
    )


def _peers(memory: Mapping[str, Any]) -> str:
    who = memory.get(WHO)
    return f"{who[4]} {who[3]}" if who else ""


def _dump(memory: Mapping[str, Any]) -> str:
    return json.dumps(memory, separators=(",", ":"), ensure_ascii=True)
