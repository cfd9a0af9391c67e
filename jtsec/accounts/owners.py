"""
Who answers for an account in a review: its organisation's system administrators.

Where the organisation has none, those of the nearest one above it; where nobody stands
above it at all, every other system administrator. Nobody answers for themself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from jtsec.identity.conf import identity_settings
from jtsec.identity.models import Identity, Organization


@dataclass(frozen=True)
class Administrator:
    """Somebody who may answer for accounts of some organisations."""

    uid: str
    name: str
    organisation: str


@dataclass(frozen=True)
class Owners:
    """
    Everybody who may answer, and the tree of organisations, read once.

    Args:
        administrators: those in use.
        above: the code of each organisation's superior, "" at the top.
    """

    administrators: tuple[Administrator, ...]
    above: Mapping[str, str]

    @classmethod
    def now(cls) -> Owners:
        """Return them as they are."""
        duties = identity_settings().manager_duties
        rows = Identity.objects.filter(duty__in=duties, is_active=True)
        rows = rows.select_related("organisation", "user").defer("resident_id")
        # Asked of the user and not of the database: not every model has the column.
        people = tuple(
            _administrator(one) for one in rows.order_by("login_name") if _is_used(one)
        )
        tree = Organization.objects.values_list("code", "parent__code")
        return cls(people, {code: above or "" for code, above in tree})

    def of(self, uid: UUID | str, organisation: str) -> list[Administrator]:
        """
        Return who is to answer for an account: the nearest ones.

        Args:
            uid: whose account it is.
            organisation: the code of its organisation.
        """
        others = [one for one in self.administrators if one.uid != str(uid)]
        for code in self._way_up(organisation):
            if here := [one for one in others if one.organisation == code]:
                return here
        return others

    def may_answer(self, actor_uid: str, uid: UUID | str, organisation: str) -> str:
        """
        Return "" if somebody may answer for an account, or the code of why not.

        Whoever stands above the nearest ones may as well, as their superior.
        """
        if actor_uid == str(uid):
            return "own-account"
        others = [one for one in self.administrators if one.uid != str(uid)]
        way = set(self._way_up(organisation))
        reaching = [one.uid for one in others if one.organisation in way]
        allowed = reaching or [one.uid for one in others]
        return "" if actor_uid in allowed else "other-organisation"

    def _way_up(self, organisation: str) -> Iterator[str]:
        """Yield an organisation and those above it; ends on a cycle made by SQL."""
        seen: set[str] = set()
        while organisation and organisation not in seen:
            seen.add(organisation)
            yield organisation
            organisation = self.above.get(organisation, "")


def _administrator(one: Identity) -> Administrator:
    shown = f"{one.name} ({one.login_name})"
    return Administrator(str(one.uid), shown, one.organisation.code)


def _is_used(one: Identity) -> bool:
    return bool(one.user.is_active)
