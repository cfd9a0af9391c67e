"""Who may look at an application, and to whom a page offers the next step."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from jtsec.identity.api import identity_of
from jtsec.identity.models import Identity

from .judging import checkers_of, makers_of, right_for
from .kinds import Kind, find_kind
from .models import ApprovalRequest
from .rights import missing, stands_in_way
from .rows import Held
from .standing_in import givers_for

VIEW_RIGHT: Final = "jtsec.view_approvalrequest"


class Viewer:
    """
    Somebody who looks at applications; decides nothing, the choke point does.

    Args:
        identity: theirs. In whose place they decide is looked up once a kind.
    """

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.uid = str(identity.uid)
        self._givers: dict[str, list[Identity]] = {}

    def may_see(self, held: Held) -> bool:
        """
        Answer whether they may open an application.

        Who made it or decided over it, who has one of the rights to decide over it, in
        their own name or in another's place, and the auditors, who look on.
        """
        took_part = {one.actor_uid for one in held.steps}
        if self.uid in took_part or self.uid in held.row.makers:
            return True
        if not missing(self.identity, VIEW_RIGHT, afresh=False):
            return True
        kind = find_kind(held.row.kind)
        return kind is not None and self.may_check(
            kind, kind.object_of(held.row.resource)
        )

    def may_check(self, kind: Kind, about: Any = None) -> bool:
        """Answer whether they have the right to any step of a kind."""
        return any(self._has(kind, right, about) for right in kind.checking_rights)

    def may_be_next(self, row: ApprovalRequest, kind: Kind) -> bool:
        """Answer by the row alone, for most rows of a long list end here."""
        if self.uid in row.makers:
            return False
        return self._has(kind, right_for(row, kind), None)

    def may_take_next(self, held: Held) -> bool:
        """Answer whether a page offers them the next step."""
        row, kind = held.row, find_kind(held.row.kind)
        if kind is None or not row.is_open or row.deadline <= now():
            return False
        if self.uid in makers_of(held, kind) or self.uid in checkers_of(held):
            return False
        return self._has(kind, right_for(row, kind), kind.object_of(row.resource))

    def _has(self, kind: Kind, right: str, about: Any) -> bool:
        if not missing(self.identity, right, about, afresh=False):
            return True
        return any(
            not stands_in_way(self.identity, giver, right, about, afresh=False)
            for giver in self._givers_for(kind)
        )

    def _givers_for(self, kind: Kind) -> list[Identity]:
        if kind.code not in self._givers:
            found = givers_for(self.identity, kind, _read_identity)
            self._givers[kind.code] = list(found)
        return self._givers[kind.code]


def may_see(user: Any, held: Held) -> bool:
    """Answer whether somebody may open an application; see `Viewer.may_see`."""
    identity = identity_of(user)
    return identity is not None and Viewer(identity).may_see(held)


def may_take_next(user: Any, held: Held) -> bool:
    """Answer whether a page offers somebody the next step."""
    identity = identity_of(user)
    return identity is not None and Viewer(identity).may_take_next(held)


def _read_identity(uid: str) -> Identity:
    rows = Identity.objects.select_related("user", "organisation")
    try:
        return rows.get(uid=uid)
    except ObjectDoesNotExist as error:
        raise InputError(_("This person is not registered any more.")) from error
