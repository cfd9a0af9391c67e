"""Through whose hands a right came, and that it goes back to none of them (A4.8)."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from jtsec.identity.models import Identity

from .gate import Authority, PolicyRefused
from .models import Propagation
from .rows import whole
from .validity import future

LONGEST: Final = 16
"""More hands than any depth allows; ends a circle of sources made by SQL."""


def require_held(source: Propagation, by: Authority) -> Propagation:
    """
    Return a right to pass on as the database holds it, if it is the actor's.

    Every hand it came through is looked at: an end further up that did not reach this
    row, because somebody wrote to the database, ends it all the same.

    Raises:
        InputError: it, or one before it, has ended or expired.
        PolicyRefused: "not-the-holder", "chain-broken".
        RowSealBroken, CannotVerify: it, or one before it, was altered.
    """
    held = whole(Propagation.objects.all(), source.pk)
    if by.identity is None or by.identity.pk != held.identity_id:
        raise PolicyRefused(
            "not-the-holder", _("Only the holder passes this right on.")
        )
    one: Propagation | None = held
    for _hand in range(LONGEST):
        if one is None:
            return held
        one = _before(one)
    raise _broken(held)


def require_another(person: Identity, by: Authority, source: Propagation) -> None:
    """
    Refuse the giver, and everybody through whose hands the right came.

    Otherwise two who pass it on in turn would give each other what neither was given.

    Raises:
        PolicyRefused: "oneself" or "circle".
    """
    if by.identity is not None and by.identity.pk == person.pk:
        raise PolicyRefused("oneself", _("Nobody passes a right on to themselves."))
    if str(person.uid) in source.chain:
        raise PolicyRefused(
            "circle",
            _("The right came through this person's hands; it does not go back."),
            " > ".join(source.chain),
        )


def _before(one: Propagation) -> Propagation | None:
    """Return the hand before one, whole and in time; None for the first."""
    future(one.valid_until)
    if one.source_id is None:
        return None
    parent = whole(Propagation.objects.all(), one.source_id)
    follows = one.chain[:-1] == parent.chain and one.right == parent.right
    if not follows or one.depth >= parent.depth:
        raise _broken(one)
    return parent


def _broken(row: Propagation) -> PolicyRefused:
    sentence = _("What is stored about this cannot be believed.")
    return PolicyRefused("chain-broken", sentence, str(row.pk))
