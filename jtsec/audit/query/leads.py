"""
What leads a search: conditions that an index answers, and the rest that is looked at.

Each lead is one value of one indexed column, so that its rows come out of the index in
the order of time. A filter that means several values (a person by several accounts, an
office with those below it, a whole module) has several leads, whose rows are merged.
The most telling condition leads; the others only let rows through.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from jtsec.audit.events import Severity
from jtsec.audit.models import ADMINISTRATORS

from .directory import MOST_PEOPLE, Person, directory
from .distinct import values_of
from .exceptions import FilterError
from .filtering import Filter
from .parameters import PARAMETERS, Condition

MANY: Final = 60
"""Values beyond which the rows are not rare: going along the time finds them sooner."""

SPARSE: Final = ("resource", "subject", "reason", "terminal", "mac")
"""Conditions whose column is indexed only where it says something."""

ORDER: Final = (
    *("event", "request", "uid", "user", "username", "resource", "subject"),
    *("address", "terminal", "mac", "reason", "organisation", "code"),
    *("severity", "duty", "kind", "outcome", "least"),
)
"""From the condition that usually leaves fewest rows to the one that leaves most."""


@dataclass(frozen=True)
class Search:
    """
    How the rows of a filter are found.

    Args:
        leads: what an index answers, one a value; `[Q()]` for all rows by time.
        rest: what every row must meet besides.
    """

    leads: tuple[Q, ...]
    rest: Q


def search_of(filter: Filter) -> Search:
    """
    Return how the rows of a filter are found; its times are not part of it.

    Raises:
        FilterError: a name means more people than can be looked for.
    """
    remaining = dict(filter.conditions)
    # The encrypted details are opened row by row, see `fulltext`.
    remaining.pop("details", None)
    leads: tuple[Q, ...] | None = None
    for name in ORDER:
        condition = remaining.get(name)
        if condition is not None and leads is None:
            leads = _leads(condition)
            if leads is not None:
                remaining.pop(name)
    rest = Q()
    for condition in remaining.values():
        rest &= _as_q(condition)
    return Search((Q(),) if leads is None else leads, rest)


def condition_of(filter: Filter) -> Q:
    """Return the whole filter as one condition, for counting."""
    search = search_of(filter)
    together = Q()
    for lead in search.leads:
        together |= lead
    whole = together & search.rest if search.leads else Q(pk__in=())
    if filter.since is not None:
        whole &= Q(at__gte=filter.since)
    if filter.until is not None:
        whole &= Q(at__lt=filter.until)
    return whole


def _leads(condition: Condition) -> tuple[Q, ...] | None:
    """Return the leads a condition gives, None when no index answers it."""
    special = LEADS.get(condition.name)
    if special is not None:
        return special(condition)
    if condition.is_prefix:
        return None
    column = PARAMETERS[condition.name].column
    lead = Q(**{column: condition.value})
    if condition.name in SPARSE:
        # SQLite takes the index only where its own condition stands in the question.
        lead &= ~Q(**{column: ""})
    return (lead,)


def _by_user(condition: Condition) -> tuple[Q, ...] | None:
    """Follow a person by UID through changes of name; else the name in the row."""
    people = _people(condition)
    if not people:
        return (Q(actor_username=condition.value),)
    return _each("actor_uid", (person.uid for person in people))


def _people(condition: Condition) -> Collection[Person]:
    """Return whom a condition means; of some of them alone nothing is shown as all."""
    found = directory().people(condition.value)
    if len(found) > MOST_PEOPLE:
        sentence = _("More than %(most)d people are meant. Give a number or a UID.")
        raise FilterError(condition.name, sentence % {"most": MOST_PEOPLE})
    return found


def _by_organisation(condition: Condition) -> tuple[Q, ...] | None:
    known = values_of("actor_organisation")
    if known is None:
        return None
    wanted = set(directory().codes_below(condition.value)) | {condition.value}
    beginning = beginning_of(condition.value)
    return _each(
        "actor_organisation",
        (code for code in known if code in wanted or code.startswith(beginning)),
    )


def _by_code(condition: Condition) -> tuple[Q, ...] | None:
    if not condition.is_prefix:
        return (Q(code=condition.value),)
    known = values_of("code")
    if known is None:
        return None
    return _each("code", (code for code in known if code.startswith(condition.value)))


def _by_severity(condition: Condition) -> tuple[Q, ...] | None:
    if condition.value < Severity.WARNING:
        return None
    lead = Q(severity=condition.value, severity__gte=Severity.WARNING.value)
    return (lead,)


def _by_least(condition: Condition) -> tuple[Q, ...] | None:
    if condition.value < Severity.WARNING:
        return None
    return tuple(
        Q(severity=one.value, severity__gte=Severity.WARNING.value)
        for one in Severity
        if one >= condition.value
    )


def _by_outcome(condition: Condition) -> tuple[Q, ...] | None:
    if condition.value == "done":
        return None
    return (Q(outcome=condition.value) & ~Q(outcome="done"),)


def _by_kind(condition: Condition) -> tuple[Q, ...] | None:
    if condition.value == "person":
        return None
    return (Q(actor_kind=condition.value) & ~Q(actor_kind="person"),)


def _by_duty(condition: Condition) -> tuple[Q, ...] | None:
    if condition.value == "business":
        return None
    return (Q(actor_duty=condition.value) & ADMINISTRATORS,)


LEADS: Final = MappingProxyType[str, Callable[[Condition], tuple[Q, ...] | None]](
    {
        "user": _by_user,
        "organisation": _by_organisation,
        "code": _by_code,
        "severity": _by_severity,
        "least": _by_least,
        "outcome": _by_outcome,
        "kind": _by_kind,
        "duty": _by_duty,
    }
)


def _each(column: str, values: Iterable[str]) -> tuple[Q, ...] | None:
    leads = tuple(Q(**{column: value}) for value in dict.fromkeys(values))
    return None if len(leads) > MANY else leads


def _as_q(condition: Condition) -> Q:
    """Return a condition that a row is held against."""
    match condition.name:
        case "user":
            people = _people(condition)
            if people:
                return Q(actor_uid__in=[person.uid for person in people])
            return Q(actor_username=condition.value)
        case "organisation":
            below = directory().codes_below(condition.value)
            return (
                Q(actor_organisation=condition.value)
                | Q(actor_organisation__in=list(below))
                | Q(actor_organisation__startswith=beginning_of(condition.value))
            )
        case "least":
            return Q(severity__gte=condition.value)
        case "text":
            return _text(condition.value)
    column = PARAMETERS[condition.name].column
    lookup = f"{column}__startswith" if condition.is_prefix else column
    return Q(**{lookup: condition.value})


def _text(text: str) -> Q:
    columns = ("resource", "subject", "reason", "actor_username", "actor_name")
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__icontains": text})
    return found


def beginning_of(code: str) -> str:
    """
    Return with what the codes of an office and of those below it begin.

    A code counts down in pairs of digits, filled with zeros: 110105000000 has all of
    110105… below it.
    """
    beginning = code
    while len(beginning) > 2 and beginning.endswith("00") and len(beginning) % 2 == 0:
        beginning = beginning[:-2]
    return beginning
