"""
Whom a policy is for: everybody, one user, a duty, an organisation, police officers.

Further kinds are registered from above (`register_scope`): roles, which the audit does
not know of. The narrower of two policies wins, by `rank`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.core.context import Actor
from jtsec.core.exceptions import InputError

DUTIES: Final = ("business", "system", "security", "audit")
YES: Final = "yes"
NO: Final = "no"
ORGANISATION_CODE: Final = re.compile(r"\d{12}")


@dataclass(frozen=True)
class Scope:
    """
    One way to say whom a policy is for.

    Args:
        name: as it is stored.
        title: as it is shown.
        matches: answers whether an actor belongs to a value.
        check: returns what is wrong with a value, "" when it can be used.
        rank: takes a value; the higher wins over the lower.
    """

    name: str
    title: str | Promise
    matches: Callable[[Actor, str], bool]
    check: Callable[[str], str]
    rank: Callable[[str], int]


_scopes: dict[str, Scope] = {}


def register_scope(
    name: str,
    title: str | Promise,
    matches: Callable[[Actor, str], bool],
    check: Callable[[str], str],
    rank: Callable[[str], int] = lambda value: 30,
) -> None:
    """
    Offer one more way to say whom a policy is for; called once, from a wiring.

    Args:
        name: as it is stored; never changes.
        title: as it is shown.
        matches: answers whether an actor belongs to a value; asked for each event.
        check: returns what is wrong with a value, "" when it can be used.
        rank: the higher wins; between a duty (20) and an organisation (40) by default.
    """
    _scopes[name] = Scope(name, title, matches, check, rank)


def known_scopes() -> tuple[Scope, ...]:
    """Return every way there is, the widest first."""
    return tuple(_scopes.values())


def scope_named(name: str) -> Scope | None:
    """Return one of them, None for one that is gone."""
    return _scopes.get(name)


def require_scope(name: str, value: str) -> None:
    """
    Return if policies can be for these users.

    Raises:
        InputError: there is no such kind, or the value is malformed.
    """
    scope = _scopes.get(name)
    if scope is None:
        raise InputError(_("There is no such choice of users."), field="scope")
    fault = scope.check(value)
    if fault:
        raise InputError(fault, field="scope_value")


def covers(name: str, value: str, actor: Actor) -> bool:
    """Answer whether somebody belongs to the users of a policy."""
    scope = _scopes.get(name)
    return scope is not None and scope.matches(actor, value)


def prefix_of(code: str) -> str:
    """
    Return how the codes of an organisation and those below it begin.

    Codes are built of pairs of digits: 331000000000 is 3310, and 331100000000 is not
    below it.
    """
    while code.endswith("00") and len(code) > 2:
        code = code[:-2]
    return code


def _is_below(actor: Actor, code: str) -> bool:
    return bool(actor.organisation) and actor.organisation.startswith(prefix_of(code))


def _check_nothing(value: str) -> str:
    return _("This needs no further choice.") if value else ""


def _check_uid(value: str) -> str:
    try:
        return "" if str(UUID(value)) == value else _("This is no user identifier.")
    except ValueError:
        return _("This is no user identifier.")


def _check_duty(value: str) -> str:
    return "" if value in DUTIES else _("There is no such duty.")


def _check_organisation(value: str) -> str:
    if ORGANISATION_CODE.fullmatch(value):
        return ""
    return _("The code of an organisation has 12 digits.")


def _check_police(value: str) -> str:
    return "" if value in (YES, NO) else _("Choose police officers or others.")


register_scope(
    "everyone",
    gettext_lazy("Everybody"),
    lambda actor, value: True,
    _check_nothing,
    lambda value: 0,
)
register_scope(
    "police",
    gettext_lazy("Police officers or others"),
    lambda actor, value: actor.is_police is (value == YES),
    _check_police,
    lambda value: 10,
)
register_scope(
    "duty",
    gettext_lazy("Duty"),
    lambda actor, value: actor.duty == value,
    _check_duty,
    lambda value: 20,
)
register_scope(
    "organisation",
    gettext_lazy("Organisation and those below it"),
    _is_below,
    _check_organisation,
    lambda value: 40 + len(prefix_of(value)),
)
register_scope(
    "user",
    gettext_lazy("One user"),
    lambda actor, value: actor.uid == value,
    _check_uid,
    lambda value: 90,
)
