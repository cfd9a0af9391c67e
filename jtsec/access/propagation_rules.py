"""
What stands against passing a right on (clauses A4.8, A4.9).

Each rule returns, or says no with a reason for the audit; asked under the lock.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from jtsec.core.exceptions import InputError
from jtsec.identity.api import descendants
from jtsec.identity.models import Identity, Organization

from .conf import access_settings
from .exclusions import require_together
from .functions import function_of
from .gate import PolicyRefused
from .models import Propagation


def require_propagatable(right: str) -> None:
    """
    Return if a right may be passed on at all.

    Raises:
        InputError: there is no such function.
        PolicyRefused: "not-propagatable", at whatever depth (A4.9).
    """
    function = function_of(right)
    if function is None:
        raise InputError(
            _("There is no such function."), field="right", code="unknown-function"
        )
    if not function.propagatable:
        sentence = _("This right cannot be passed on.")
        raise PolicyRefused("not-propagatable", sentence, right)


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


def require_fit(person: Identity, right: str) -> None:
    """
    Return if somebody is in use, and could use the right if they were given it.

    Raises:
        PolicyRefused: "inactive": a right given now would wait for their return;
            "foreign-duty" or "police-only".
    """
    if not person.is_active or not person.user.is_active:
        raise PolicyRefused("inactive", _("This account is out of use."))
    require_together(person, [right])


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
