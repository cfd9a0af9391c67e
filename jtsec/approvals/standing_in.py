"""
In whose place somebody may decide, by delegations that are in force and whole.

Whoever stands in is held against the makers of each application together with the
person they stand in for; see `judging`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import QuerySet

from jtsec.audit.api import record
from jtsec.authentication.api import standing_of
from jtsec.core.clock import now
from jtsec.core.exceptions import CannotVerify, InputError, VerifiedFalse
from jtsec.fields.api import check_seal
from jtsec.identity.api import fresh
from jtsec.identity.models import Identity

from .events import RequestFoundBroken
from .kinds import Kind
from .models import Delegation
from .rows import database


def givers_for(
    person: Identity, kind: Kind, read: Callable[[str], Identity] = fresh
) -> Iterator[Identity]:
    """
    Yield those in whose place somebody may decide over applications of a kind.

    A delegation that SQL wrote or lengthened gives nothing and raises an alarm. Nor
    does that of somebody whose own account is not valid now (A3.2.9): what they could
    not do themselves nobody does for them.

    Args:
        person: who.
        kind: of what.
        read: finds an identity by its UID; under a lock where something is decided.
    """
    for row in live_delegations().filter(receiver_uid=str(person.uid)):
        if kind.code not in row.kinds:
            continue
        try:
            check_seal(row)
            giver = read(row.giver_uid)
        except VerifiedFalse as error:
            _alarm(row, error)
        except (CannotVerify, InputError):
            continue
        else:
            if standing_of(giver.user, now()).may_enter:
                yield giver


def live_delegations() -> QuerySet[Delegation]:
    """Return the delegations that have neither ended nor run out."""
    rows = Delegation.objects.using(database())
    return rows.filter(ended_at=None, valid_until__gt=now())


def _alarm(row: Delegation, error: VerifiedFalse) -> None:
    resource = f"jtsec.delegation:{row.pk}"
    why = str(error)[:200]
    record(RequestFoundBroken(resource=resource, step="delegation", reason=why))
