"""
One writer of the policy at a time, who may write it.

Checks such as "nobody holds both sides of a pair" look at rows that another writer may
be adding in the same instant; so whoever changes the policy passes here, one by one,
and looks after passing. The order of the locks is always the same: first identities,
whose duty the policy depends on, then the policy.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from jtsec.core.context import Actor, current
from jtsec.core.exceptions import CannotVerify, InputError, Refused, VerifiedFalse
from jtsec.core.guarding import writing
from jtsec.identity.api import fresh, serialised
from jtsec.identity.models import Identity

from .models import GUARD
from .policy_token import bump
from .setting_up import stands_in

GRANTERS: Final = frozenset({"security"})
"""The duties whose people set the policy: the subject that authorises (A4.2)."""


class PolicyRefused(Refused):
    """
    Says that a change of the policy was refused.

    Args:
        reason: a stable code, such as "police-only".
        sentence: what the person may read.
        detail: what exactly stands against it, for the audit alone.
    """

    def __init__(self, reason: str, sentence: str, detail: str = "") -> None:
        super().__init__(reason, sentence)
        self.detail = detail


@dataclass(frozen=True)
class Authority:
    """
    Who changes the policy, as the database holds them at this moment.

    Args:
        actor: the actor of the context.
        identity: theirs, verified; None for a command or a job.
    """

    actor: Actor
    identity: Identity | None

    @property
    def name(self) -> str:
        """Return what stands in the rows: the UID, or the name of a command."""
        return (self.actor.uid or self.actor.username)[:36]


@contextmanager
def policy_gate(duties: frozenset[str] | None = GRANTERS) -> Iterator[Authority]:
    """
    Open a transaction in which this is the only writer of the policy.

    Every process reads the policy anew afterwards, for the token changes. A block
    inside another joins it.

    Args:
        duties: whose people may do this; None for everybody who is in use, where the
            verb asks for something else, such as a right to pass on.

    Raises:
        PolicyRefused: nobody acts, or the actor's duty does not include this.
    """
    with serialised(), writing(GUARD):
        bump()
        yield _authority(duties)


def _authority(duties: frozenset[str] | None) -> Authority:
    """
    Return who acts, read under the lock.

    What the request knew of its user may be from before a change of their duty.
    """
    actor = current().actor
    if actor.kind == "system":
        return Authority(actor, None)
    if actor.kind != "person" or not actor.uid:
        raise PolicyRefused("actor-anonymous", _("Somebody must be named for this."))
    try:
        identity = fresh(actor.uid)
    except (InputError, VerifiedFalse, CannotVerify) as error:
        raise PolicyRefused("actor-altered", _not_included()) from error
    if not identity.is_active or not identity.user.is_active:
        raise PolicyRefused("actor-inactive", _not_included())
    if duties is not None and not _has_one_of(duties, identity):
        raise PolicyRefused("actor-duty", _not_included())
    return Authority(actor, identity)


def _has_one_of(duties: frozenset[str], identity: Identity) -> bool:
    """Answer whether a person has a duty, or stands in for it at installation (P38)."""
    return identity.duty in duties or any(stands_in(identity, one) for one in duties)


def _not_included() -> str:
    return str(_("Your duty does not include this."))
