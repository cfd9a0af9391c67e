"""
What stands against passing a right on (clauses A4.8, A4.9).

Each rule returns, or says no with a reason for the audit. They are asked under the
policy's lock, over rows read there: what the giver held a moment ago does not count.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.identity.api import descendants
from jtsec.identity.models import Identity, Organization

from .conf import access_settings
from .functions import Function, function_of
from .gate import Authority, PolicyRefused
from .models import Propagation
from .rows import whole
from .validity import future

LONGEST: Final = 16
"""More hands than any depth allows; ends a circle of sources made by SQL."""


def require_propagatable(right: str) -> Function:
    """
    Return the function of a right that may be passed on.

    Raises:
        InputError: there is no such function.
        PolicyRefused: "not-propagatable", at whatever depth; what nobody declared is
            not (A4.9).
    """
    function = function_of(right)
    if function is None:
        raise InputError(
            _("There is no such function."), field="right", code="unknown-function"
        )
    if not function.propagatable:
        raise PolicyRefused(
            "not-propagatable", _("This right cannot be passed on."), right
        )
    return function


def require_depth(depth: int, most: int) -> None:
    """
    Return if a depth is one, and not greater than what is left.

    Raises:
        InputError: it is no depth, or beyond JTSEC_ACCESS_PROPAGATION_DEPTH.
        PolicyRefused: "depth-used-up": the giver has no such depth to give.
    """
    limit = access_settings().propagation_depth
    if type(depth) is not int or not 0 <= depth <= limit:
        raise InputError(
            _("The depth is a number from 0 to %(limit)d.") % {"limit": limit},
            field="depth",
            code="depth",
        )
    if depth > most:
        raise PolicyRefused(
            "depth-used-up",
            _("This right cannot be passed through so many hands."),
            f"{depth} > {most}",
        )


def require_held(source: Propagation, by: Authority) -> Propagation:
    """
    Return a right to pass on as the database holds it, if it is the actor's.

    Every hand it came through is looked at: an end further up that did not reach this
    row, because somebody wrote to the database, ends it all the same.

    Raises:
        InputError: it, or one before it, has ended or expired.
        PolicyRefused: "not-the-holder".
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
        future(one.valid_until)
        parent = _parent(one)
        if parent is not None and (
            one.chain[:-1] != parent.chain
            or one.right != parent.right
            or one.depth >= parent.depth
        ):
            break
        one = parent
    raise PolicyRefused(
        "chain-broken", _("What is stored about this cannot be believed."), str(held.pk)
    )


def require_another(person: Identity, by: Authority, source: Propagation) -> None:
    """
    Refuse the giver, and everybody through whose hands the right came (A4.8).

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


def require_active(person: Identity) -> None:
    """Refuse who is out of use: a right given now would wait for their return."""
    if not person.is_active or not person.user.is_active:
        raise PolicyRefused("inactive", _("This account is out of use."))


def require_within(source: Propagation, organisation: Organization) -> None:
    """
    Refuse an organisation that the right to pass on does not reach.

    Raises:
        PolicyRefused: "other-organisation".
    """
    reached = descendants(source.organisation).filter(pk=organisation.pk)
    if not reached.exists():
        raise PolicyRefused(
            "other-organisation",
            _("This right is not to be passed on to that organisation."),
            organisation.code,
        )


def until(wanted: datetime | None, source: Propagation) -> datetime | None:
    """
    Return when something passed on ends: with its source where nothing is said.

    Raises:
        InputError: later than the source.
    """
    if source.valid_until is None:
        return wanted
    if wanted is not None and wanted > source.valid_until:
        raise InputError(
            _("It cannot last longer than the right to pass it on."),
            field="valid_until",
            code="beyond-source",
        )
    return wanted or source.valid_until


def _parent(one: Propagation) -> Propagation | None:
    if one.source_id is None:
        return None
    return whole(Propagation.objects.all(), one.source_id)
