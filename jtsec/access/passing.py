"""What every step of passing on has in common: who receives, and for which data."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.identity.api import fresh
from jtsec.identity.models import Identity, Organization

from .gate import Authority
from .hands import require_another
from .models import Propagation, RightGrant
from .propagation_rules import require_fit, require_propagatable, require_within
from .reach import known_organisation
from .rows import alive

ANYBODY: Final = None
"""Whose duty passes on: the holder's, whatever it is."""


def receiver(to: Identity, by: Authority, held: Propagation) -> Identity:
    """Return who is to receive something, as the database holds them, or refuse."""
    require_propagatable(held.right)
    person = fresh(to.uid)
    require_another(person, by, held)
    require_fit(person, held.right)
    require_within(held, person.organisation)
    return person


def reached(wanted: Organization | str | None, held: Propagation) -> Organization:
    """Return whose people or data it is for: all that the source reaches, or less."""
    if wanted is None:
        return held.organisation
    found = known_organisation(wanted)
    require_within(held, found)
    return found


def require_new(row: Propagation | RightGrant) -> None:
    """Refuse the same once more: taking one back would leave the other."""
    same = type(row)._default_manager.filter(
        alive(),
        identity=row.identity,
        right=row.right,
        source=row.source,
        organisation=row.organisation,
    )
    if same.exists():
        raise InputError(_("The person has this already."), code="no-change")


def shown(row: Propagation | RightGrant, **more: object) -> dict[str, object]:
    """Return what the event says of a row."""
    until = row.valid_until
    return {
        "organisation": row.organisation.code,
        "valid_until": until.isoformat() if until else "",
        **more,
    }
