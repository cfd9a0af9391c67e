"""
Restrictions that somebody has with others: those of a role (clause A3.2.8).

What a role restricts is known to access, a row above; it registers here where to ask.
Whoever holds several roles is held to all of them: the strictest kind wins, as with
the account's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError

from .restriction_forms import NORMAL

PASSWORD_DAYS: Final = "password_days"
MOST_DAYS: Final = 3650


@dataclass(frozen=True, slots=True)
class Restrictions:
    """
    From where and when somebody may log in; empty kinds restrict nothing.

    Args:
        networks, terminals, weekdays, hours: as on the account.
        places: names with their networks.
        password_days: days a password is valid, None for what the settings say.
        origin: whose restrictions they are, such as "role:guard", for the audit.
    """

    networks: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()
    places: Mapping[str, Iterable[str]] = field(default_factory=dict)
    weekdays: tuple[int | str, ...] = ()
    hours: tuple[str, ...] = ()
    password_days: int | None = None
    origin: str = ""

    @classmethod
    def stored(cls, values: Mapping[str, Any], origin: str) -> Restrictions:
        """Return what `normal_restrictions` made, as it was stored in JSON."""
        return cls(
            networks=tuple(values.get("networks", ())),
            terminals=tuple(values.get("terminals", ())),
            places=dict(values.get("places", {})),
            weekdays=tuple(values.get("weekdays", ())),
            hours=tuple(values.get("hours", ())),
            password_days=values.get(PASSWORD_DAYS),
            origin=origin,
        )


Source = Callable[[Any, datetime], Iterable[Restrictions]]
PlaceFollower = Callable[[str, list[str]], None]


def _nothing(user: Any, at: datetime) -> Iterable[Restrictions]:
    return ()


def _nobody_follows(name: str, networks: list[str]) -> None:
    """Without roles in the project only accounts are bound to a place."""


_source: Source = _nothing
_follower: PlaceFollower = _nobody_follows


def register_restrictions(source: Source, follower: PlaceFollower) -> None:
    """
    Let the control above say what a user's roles restrict; called once, at start.

    Args:
        source: is given the user and the moment; runs on every request, so it must
            not ask the database, and raises `CannotVerify` where it does not know.
        follower: is given the name and the networks of a place that was defined, in
            the transaction that does it.
    """
    global _source, _follower
    _source, _follower = source, follower


def restrictions_of(user: Any, at: datetime) -> Iterable[Restrictions]:
    """Return what a user's roles restrict at a moment."""
    return _source(user, at)


def place_defined(name: str, networks: list[str]) -> None:
    """Have the roles that are bound to a place follow it."""
    _follower(name, networks)


def normal_restrictions(values: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return restrictions in the form in which they are stored; empty ones are left out.

    Args:
        values: any of networks, terminals, places, weekdays and hours, as for
            `set_restrictions`, and password_days.

    Raises:
        InputError: there is no such kind, or one is malformed.
    """
    found = {}
    for name, given in values.items():
        if name == PASSWORD_DAYS:
            found[name] = _days(given)
        elif name in NORMAL:
            found[name] = NORMAL[name](given)
        else:
            raise InputError(
                _("There is no restriction named %(name)s.") % {"name": name},
                field="restrictions",
                code="unknown-restriction",
            )
    return {name: value for name, value in found.items() if value}


def _days(value: Any) -> int | None:
    if value is None:
        return None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not 1 <= value <= MOST_DAYS:
        raise InputError(
            _("The days a password is valid lie between 1 and %(most)s.")
            % {"most": MOST_DAYS},
            field=PASSWORD_DAYS,
            code="out-of-range",
        )
    return int(value)
