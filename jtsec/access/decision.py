"""
The one decision point: may somebody use a function, and on this object (A4.1, A4.3).

Pages, REST, the admin, templates, files and rows all come here. The order of the
questions is the protection: what no grant can give is asked before what is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.core import context
from jtsec.core.clock import now
from jtsec.core.source import Source
from jtsec.identity.api import identity_of
from jtsec.identity.models import Identity

from .bindings import fits
from .django_permissions import with_django_permissions
from .functions import Function
from .grants import Grants
from .policy import current
from .scope import covers

SENTENCE: Final = _("You do not have the right to use this function.")
SENTENCES: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "anonymous": _("Please log in."),
        "terminal-not-bound": _(
            "This function is used from a terminal that is bound to you."
        ),
    }
)
ALARMING: Final = frozenset({"police-only", "conflict", "altered"})
"""Reasons that nobody meets who has what they were given, and nothing else."""


@dataclass(frozen=True, slots=True)
class Decision:
    """
    The answer to one question of access.

    Args:
        allowed: whether it is allowed; the decision itself is true or false alike.
        reason: a stable code for the audit and for tests, see `decide`.
        right: what was asked for.
    """

    allowed: bool
    reason: str
    right: str

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def sentence(self) -> Promise:
        """Return what the person may read: general, never which rule refused."""
        return SENTENCES.get(self.reason, SENTENCE)


def decide(
    user: Any,
    right: str,
    obj: Any = None,
    *,
    source: Source | None = None,
    fresh: bool = False,
) -> Decision:
    """
    Decide whether somebody may use a function; never records.

    Args:
        user: who asks; None and strangers are refused.
        right: the function's right, `app.operation_thing`.
        obj: the row it is used on, where there is one.
        source: where the request comes from; by default that of the context.
        fresh: compare the policy's token now, for a decision under a lock; one query.

    Returns:
        A decision with one of the reasons granted, unknown-function, anonymous,
        no-identity, out-of-use, altered, cannot-verify, wrong-duty, police-only,
        initial-only, clearance, conflict, right-missing, expired,
        terminal-not-bound, other-organisation, label.
    """
    policy = current(fresh=fresh)
    function = policy.demands_of(right)
    if function is None:
        return Decision(False, "unknown-function", right)
    identity = identity_of(user)
    reason = _what_bars(user, identity)
    if reason or identity is None:
        return Decision(False, reason, right)
    grants = with_django_permissions(policy.grants_of(identity), user, function)
    reason = (
        _what_forbids(function, identity, grants)
        or _what_lacks(function, grants)
        or _what_is_wrong_here(function, grants, obj, source)
    )
    return Decision(not reason, reason or "granted", right)


def may_use(user: Any, right: str) -> bool:
    """Answer whether somebody may use a function; see `decide`."""
    return decide(user, right).allowed


def _what_bars(user: Any, identity: Identity | None) -> str:
    """Say why this is nobody who can be given anything."""
    if user is None or not user.is_authenticated:
        return "anonymous"
    if identity is None:
        return "no-identity"
    if not identity.is_active or not getattr(user, "is_active", True):
        return "out-of-use"
    return ""


def _what_forbids(function: Function, identity: Identity, grants: Grants) -> str:
    """Say what no grant can overcome."""
    if grants.fault:
        return grants.fault
    if function.duty != identity.duty and not _sets_up(function, grants):
        return "wrong-duty"
    if function.police_only and not identity.is_police:
        return "police-only"
    if grants.is_initial and not function.set_up:
        return "initial-only"
    return "clearance" if function.sensitivity > grants.clearance else ""


def _what_lacks(function: Function, grants: Grants) -> str:
    """Say why no grant in force gives the right."""
    if function.right in grants.in_conflict:
        return "conflict"
    scopes = grants.rights.get(function.right)
    if scopes is None:
        return "right-missing" if grants.is_whole else "cannot-verify"
    moment = now()
    return "" if any(one.holds(moment) for one in scopes) else "expired"


def _what_is_wrong_here(
    function: Function, grants: Grants, obj: Any, source: Source | None
) -> str:
    """Say why not from this terminal, or not on this object."""
    if function.critical:
        here = context.current().source if source is None else source
        if not fits(grants.bindings, function.right, here):
            return "terminal-not-bound"
    return "" if obj is None else covers(grants, function.right, obj)


def _sets_up(function: Function, grants: Grants) -> bool:
    """Answer whether the first administrator sets up for another duty (P38)."""
    return grants.is_initial and function.set_up and function.right in grants.rights
