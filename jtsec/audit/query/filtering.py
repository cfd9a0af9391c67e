"""
What is asked of the audit: conditions that came by an address, checked once.

    filter = Filter.from_query(request.GET)     # raises FilterError, which is a 400

A filter is a value: it can stand in an address again, be shown, and be recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .exceptions import FilterError
from .moments import PERIODS, USUAL, begin_of, parse_moment
from .parameters import PARAMETERS, Condition

TIMES = ("period", "since", "until")


@dataclass(frozen=True)
class Filter:
    """
    Conditions that an event must all meet.

    Args:
        since: from when, None for no limit.
        until: before when, None for no limit.
        times: the words of the address that the two were made of.
        conditions: the others, by the name of their parameter.
    """

    since: datetime | None = None
    until: datetime | None = None
    times: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    conditions: Mapping[str, Condition] = field(
        default_factory=lambda: MappingProxyType({})
    )

    @classmethod
    def from_query(cls, query: QueryDict, *, beside: Collection[str] = ()) -> Filter:
        """
        Return the filter of an address; without a time, of the last seven days.

        Args:
            query: `request.GET`.
            beside: names of parameters that are not conditions, such as the cursor.

        Raises:
            FilterError: a parameter is unknown, given twice, or makes no sense.
        """
        texts = dict(_texts(query, beside))
        times = {name: texts.pop(name) for name in TIMES if name in texts}
        if len(times) > 1:
            times.pop("period", None)  # a form sends it along; two times win
        since, until = _period(times)
        conditions = {name: PARAMETERS[name].parse(texts[name]) for name in texts}
        return cls(
            since,
            until,
            MappingProxyType(times or {"period": USUAL}),
            MappingProxyType(conditions),
        )

    def with_conditions(self, **texts: str) -> Filter:
        """Return this filter with further conditions, which win over its own."""
        added = {name: PARAMETERS[name].parse(text) for name, text in texts.items()}
        return replace(self, conditions=MappingProxyType({**self.conditions, **added}))

    def with_texts(self, texts: Mapping[str, str]) -> Filter:
        """
        Return this filter with other words in place of some of its own.

        Raises:
            FilterError: they make no sense.
        """
        together = QueryDict(mutable=True)
        own = self.as_texts()
        if "since" in texts or "until" in texts:
            own = {name: text for name, text in own.items() if name not in TIMES}
        together.update({**own, **texts})
        return Filter.from_query(together)

    def over(self, period: str) -> Filter:
        """Return this filter over another period, one of `PERIODS`."""
        times = MappingProxyType({"period": period})
        return replace(self, since=begin_of(period), until=None, times=times)

    def without(self, *names: str) -> Filter:
        """Return this filter without some of its conditions."""
        kept = {k: v for k, v in self.conditions.items() if k not in names}
        return replace(self, conditions=MappingProxyType(kept))

    def value(self, name: str) -> Any:
        """Return what a condition compares with, None where it is not set."""
        condition = self.conditions.get(name)
        return None if condition is None else condition.value

    def as_texts(self) -> dict[str, str]:
        """Return the filter as the words of an address, always in the same order."""
        texts = {name: one.text for name, one in self.conditions.items()}
        return {
            **self.times,
            **{name: texts[name] for name in PARAMETERS if name in texts},
        }

    def as_address(self, **more: str) -> str:
        """Return the filter as the query of an address."""
        return urlencode({**self.as_texts(), **more})

    def as_words(self) -> list[tuple[str, str]]:
        """Return label and value of each condition, for people."""
        shown = [(pgettext("jtsec filter", "Period"), self._period_in_words())]
        for name, parameter in PARAMETERS.items():
            condition = self.conditions.get(name)
            if condition is not None:
                chosen = (parameter.choices or {}).get(condition.text)
                value = str(chosen[0]) if chosen else condition.text
                shown.append((str(parameter.label), value))
        return shown

    def _period_in_words(self) -> str:
        if "period" in self.times:
            return str(PERIODS[self.times["period"]][0])
        return f"{self.times.get('since', '…')} – {self.times.get('until', '…')}"


def _texts(query: QueryDict, beside: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each parameter with its text; empty fields of a form are none."""
    for name, values in query.lists():
        if name in beside:
            continue
        if name not in PARAMETERS and name not in TIMES:
            raise FilterError(_printable(name), _("There is no such condition."))
        given = [value for value in values if value.strip()]
        if len(given) > 1:
            raise FilterError(name, _("This condition is given twice."))
        if given:
            yield name, given[0]


def _period(times: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    since = until = None
    if "since" in times:
        since = parse_moment("since", times["since"], is_end=False)
    if "until" in times:
        until = parse_moment("until", times["until"], is_end=True)
    if since is not None and until is not None and until <= since:
        raise FilterError("until", _("The end lies before the beginning."))
    word = times.get("period", USUAL)
    if word not in PERIODS:
        raise FilterError("period", _("Choose one of the list."))
    if since is None and until is None:
        return begin_of(word), None
    return since, until


def _printable(name: str) -> str:
    """Return a name that a client invented so that it can be shown."""
    return "".join(sign if sign.isprintable() else "�" for sign in name[:40])
