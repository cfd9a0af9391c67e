"""
What nobody may hold: another duty's, the police's without being one, both of a pair.

Asked before a role is given, before a role changes for those who hold it, before a
right is passed on, and over everybody to find what came in another way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.identity.models import Identity

from .functions import Function, function_of, stand_in
from .gate import PolicyRefused

SENTENCES: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "foreign-duty": _("This belongs to another duty than the person has."),
        "police-only": _(
            "This holds functions for police officers, and the person is none."
        ),
        "conflict": _("The person would hold functions that exclude each other."),
    }
)


@dataclass(frozen=True)
class Exclusion:
    """
    One thing a person must not hold.

    Args:
        reason: "foreign-duty", "police-only" or "conflict".
        right: the right.
        other: the right it conflicts with, else "".
    """

    reason: str
    right: str
    other: str = ""

    def __str__(self) -> str:
        """Return it as the audit writes it down."""
        return f"{self.reason} {self.right} {self.other}".rstrip()


def excluded(identity: Identity, rights: Collection[str]) -> Iterator[Exclusion]:
    """
    Yield what stands against a person holding some rights together (A4.4, A4.7).

    Args:
        identity: the person, as the database holds them.
        rights: all they would hold.
    """
    held = frozenset(rights)
    for right in sorted(held):
        function = demands_of(right)
        if function.duty != identity.duty:
            yield Exclusion("foreign-duty", right)
        if function.police_only and not identity.is_police:
            yield Exclusion("police-only", right)
    yield from conflicts_within(held)


def conflicts_within(rights: Collection[str]) -> Iterator[Exclusion]:
    """Yield the declared pairs that meet among some rights, each once."""
    held = frozenset(rights)
    pairs = {
        (min(right, other), max(right, other))
        for right in held
        for other in held & frozenset(demands_of(right).conflicts_with)
    }
    for right, other in sorted(pairs):
        yield Exclusion("conflict", right, other)


def demands_of(right: str) -> Function:
    """Return what a right demands; of an undeclared one, what all such do."""
    return function_of(right) or stand_in(right)


def require_together(identity: Identity, rights: Collection[str]) -> None:
    """
    Return if a person may hold some rights together.

    Raises:
        PolicyRefused: the first exclusion is the reason, all of them are its detail.
    """
    found = tuple(excluded(identity, rights))
    if found:
        detail = "; ".join(map(str, found))[:500]
        raise PolicyRefused(found[0].reason, str(SENTENCES[found[0].reason]), detail)
