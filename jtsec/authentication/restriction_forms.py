"""Restrictions in the form in which they are stored: checked when they are set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.core.net import parse_networks
from jtsec.core.source import TERMINAL
from jtsec.fields.api import check_seal

from .models import Place

WORKDAYS: Final = "workdays"
HOURS: Final = re.compile(
    r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)"
)
MAC: Final = re.compile(r"[0-9a-f]{2}([:-][0-9a-f]{2}){5}", re.IGNORECASE)
MOST: Final = 200
DAY_MINUTES: Final = 24 * 60


def normal_networks(texts: Iterable[str]) -> list[str]:
    """
    Return networks in CIDR form.

    Raises:
        InputError: one is not a network; a typing error must not open or close more
            than was meant.
    """
    try:
        return [str(one) for one in parse_networks(tuple(_few(texts, "networks")))]
    except (ValueError, AttributeError) as error:
        raise InputError(
            _("Not a network: %(error)s.") % {"error": error}, field="networks"
        ) from error


def normal_terminals(texts: Iterable[str]) -> list[str]:
    """Return terminal ids as they are, and MACs in lower case with colons."""
    found = []
    for text in _few(texts, "terminals"):
        if not isinstance(text, str) or not TERMINAL.match(text):
            raise InputError(
                _("Not a terminal id or MAC: %(text)r.") % {"text": text},
                field="terminals",
            )
        is_mac = MAC.fullmatch(text)
        found.append(text.lower().replace("-", ":") if is_mac else text)
    return found


def normal_weekdays(days: Iterable[int | str]) -> list[int | str]:
    """Return weekdays, 1 Monday to 7 Sunday, or "workdays" by the calendar."""
    found: list[int | str] = []
    for day in _few(days, "weekdays"):
        is_number = isinstance(day, int) and not isinstance(day, bool) and 1 <= day <= 7
        if not is_number and day != WORKDAYS:
            raise InputError(
                _("Not a weekday: %(day)r; 1 is Monday, 7 is Sunday.") % {"day": day},
                field="weekdays",
            )
        found.append(day)
    return found


def normal_hours(texts: Iterable[str]) -> list[str]:
    """Return hours such as "08:00-18:00"; "22:00-06:00" ends the next morning."""
    found = []
    for text in _few(texts, "hours"):
        plain = text.replace(" ", "") if isinstance(text, str) else ""
        if not HOURS.fullmatch(plain) or len(set(window_of(plain))) == 1:
            raise InputError(
                _("Not hours: %(text)r; write them as 08:00-18:00.") % {"text": text},
                field="hours",
            )
        found.append(plain)
    return found


def places_named(names: Iterable[str]) -> dict[str, list[str]]:
    """Return places with their networks, as an account keeps them."""
    wanted = list(_few(names, "places"))
    rows = {row.name: row for row in Place.objects.filter(name__in=wanted)}
    for name in wanted:
        if name not in rows:
            raise InputError(
                _("There is no place named %(name)r.") % {"name": name}, field="places"
            )
        check_seal(rows[name])
    return {name: list(rows[name].networks) for name in wanted}


def window_of(text: str) -> tuple[int, int]:
    """Return the minutes of the day at which hours begin and end."""
    begin, _dash, end = text.partition("-")
    return _minutes(begin), _minutes(end)


NORMAL: Final[Mapping[str, Any]] = {
    "networks": normal_networks,
    "terminals": normal_terminals,
    "places": places_named,
    "weekdays": normal_weekdays,
    "hours": normal_hours,
}


def _minutes(text: str) -> int:
    hours, _colon, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _few(values: Iterable[Any], field: str) -> list[Any]:
    if isinstance(values, str | bytes):
        raise InputError(_("A list is needed."), field=field, code="not-a-list")
    listed = list(dict.fromkeys(values))
    if len(listed) > MOST:
        raise InputError(_("Too many entries."), field=field, code="too-many")
    return listed
