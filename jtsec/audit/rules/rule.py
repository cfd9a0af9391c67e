"""
What a rule is: a name, its thresholds, and one verb that is told of each event.

A rule is declared once. Its thresholds are the settings that begin with its name, so
default, range, floor, clause and words come from one declaration, and a policy's value
is held to the same. What a rule remembers of a user is a piece of a mapping that is
stored as JSON between two looks: figures of bounded length.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise

from jtsec.audit.events import Severity
from jtsec.core.context import Actor
from jtsec.core.exceptions import ConfigurationError

from .office_hours import Days
from .sighting import Sighting

Memory = dict[str, Any]
"""What is remembered of one user: a piece for each rule, by its `place`."""


class Limits:
    """
    The thresholds of one rule as they hold for one user.

    Args:
        values: by name, without the rule's prefix.
        severity: of the alarms.
    """

    def __init__(self, values: Mapping[str, Any], severity: int) -> None:
        self.severity = severity
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise ConfigurationError(f"the rule has no threshold {name!r}")


@dataclass
class Finding:
    """
    What a rule found.

    Args:
        rule: the rule's name.
        key: what it is about; one open alarm for each.
        sighting: the event that was one too many; None for what is found by its
            absence.
        severity: of the alarm.
        params: the figures of its sentence.
        variant: which of the rule's sentences.
        subject: uid and user name, where that is not who acted.
    """

    rule: str
    key: str
    sighting: Sighting | None
    severity: int
    params: dict[str, Any] = field(default_factory=dict)
    variant: str = ""
    subject: tuple[str, str] = ("", "")

    @property
    def code(self) -> str:
        """Return under which code its alarm stands."""
        return code_of(self.rule, self.variant)


class World(ABC):
    """
    What a rule may ask besides the event and its own memory.

    Attributes:
        days: which days are worked.
    """

    days: Days

    @abstractmethod
    def memory_of(self, uid: str) -> Memory:
        """Return what is remembered of another user."""

    @abstractmethod
    def peers_of(self, actor: Actor) -> Mapping[str, Memory]:
        """Return the memories of those with the same duty, near in organisation."""

    @abstractmethod
    def limits_of(self, rule: str, actor: Actor) -> Limits | None:
        """Return the thresholds of another rule for a user."""


class Rule(ABC):
    """Is the base of every rule."""

    name: ClassVar[str]
    title: ClassVar[str | Promise]
    explains: ClassVar[str | Promise]
    """One sentence: what it finds."""
    sentences: ClassVar[Mapping[str, str | Promise]]
    """What its alarms say, by variant; places are the figures."""
    titles: ClassVar[Mapping[str, str | Promise]]
    """What its thresholds are called, by their short names."""
    clause: ClassVar[str]
    severity: ClassVar[Severity]
    place: ClassVar[str]
    """Where its piece of a memory stands; short, and never changes."""
    is_mandatory: ClassVar[bool] = False
    warmup_days: ClassVar[int] = 0
    """Days before a trial's first day that it must have seen."""

    @property
    def prefix(self) -> str:
        """Return how the names of its settings begin, in lower case."""
        return self.name.replace("-", "_") + "_"

    @abstractmethod
    def observe(
        self,
        sighting: Sighting,
        actor: Actor,
        memory: Memory,
        limits: Any,
        world: World,
    ) -> Finding | None:
        """
        Take note of one event of a person, and return what it makes of it.

        Args:
            sighting: the event; times may go back by what a late commit takes.
            actor: who acted, as the row tells.
            memory: what is remembered of them; the rule changes its own piece.
            limits: its thresholds for them.
            world: the other users.
        """

    def found(
        self,
        sighting: Sighting | None,
        key: str,
        limits: Limits,
        /,
        variant: str = "",
        **params: Any,
    ) -> Finding:
        """Return a finding of this rule."""
        return Finding(self.name, key, sighting, limits.severity, params, variant)


def code_of(rule: str, variant: str = "") -> str:
    """Return under which code the alarms of a rule stand."""
    return f"audit:rule:{rule}-{variant}" if variant else f"audit:rule:{rule}"
