"""What would become of Django's groups: a role each, where it fits (clause A4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.utils.text import slugify
from django.utils.translation import gettext as _

from jtsec.identity.api import identity_of
from jtsec.identity.models import Identity

from .exclusions import demands_of, excluded
from .holdings import Held, held_by
from .role_book import RoleBook


@dataclass(frozen=True)
class PlannedRole:
    """
    What becomes of one group.

    Args:
        code: of the role.
        name: of the group.
        duty: whose the role is, "" when the rights are of several.
        rights: what it gives.
        members: who is given it.
        is_new: whether the role is not there yet.
        problems: what does not fit, a sentence each.
    """

    code: str
    name: str
    duty: str
    rights: tuple[str, ...]
    members: tuple[Identity, ...]
    is_new: bool
    problems: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return {
            "code": self.code,
            "name": self.name,
            "duty": self.duty,
            "rights": list(self.rights),
            "members": [one.login_name for one in self.members],
            "is_new": self.is_new,
            "problems": list(self.problems),
        }


def plan() -> tuple[PlannedRole, ...]:
    """Return what would become of every group; changes nothing."""
    planning = _Planning()
    groups = Group.objects.prefetch_related("permissions__content_type")
    return tuple(planning.planned(group) for group in groups.order_by("pk"))


class _Planning:
    """Looks at the groups one after the other, and at what the ones before gave."""

    def __init__(self) -> None:
        self.book = RoleBook(is_locked=False)
        self.held = held_by(None, self.book)

    def planned(self, group: Group) -> PlannedRole:
        """Return what becomes of a group."""
        code, problems = _code_of(group), list[str]()
        rights = _rights(group, problems)
        duty = _duty_of(rights, problems)
        members = tuple(self.fitting(group, code, rights, problems)) if duty else ()
        for member in members:
            for right in rights:
                self.held.setdefault(member.pk, Held()).add(right, f"role:{code}")
        return PlannedRole(
            code=code,
            name=group.name[:100],
            duty=duty,
            rights=rights,
            members=members,
            is_new=code not in self.book.by_code,
            problems=tuple(problems),
        )

    def fitting(
        self, group: Group, code: str, rights: tuple[str, ...], problems: list[str]
    ) -> Iterator[Identity]:
        """Yield the members who can be given the role and do not hold it yet."""
        for identity in _members(group, problems):
            held = self.held.get(identity.pk, Held())
            if code in held.roles:
                continue
            wrong = [*map(str, excluded(identity, {*rights, *held.rights}))]
            wrong += [] if identity.is_active else ["inactive"]
            if wrong:
                problems.append(f"{identity.login_name}: {wrong[0]}")
            else:
                yield identity


def _code_of(group: Group) -> str:
    """Return a code that stays the same however often the group is imported."""
    slug = slugify(group.name)
    return f"group-{group.pk}-{slug}"[:64].rstrip("-")


def _duty_of(rights: tuple[str, ...], problems: list[str]) -> str:
    duties = {demands_of(right).duty for right in rights}
    if len(duties) == 1:
        return duties.pop()
    problems.append(
        _("The rights belong to several duties.")
        if duties
        else _("The group gives no right.")
    )
    return ""


def _rights(group: Group, problems: list[str]) -> tuple[str, ...]:
    """Return the rights that a role may give; others come with a duty by themselves."""
    names = sorted(
        f"{one.content_type.app_label}.{one.codename}"
        for one in group.permissions.all()
    )
    by_duty = {name for name in names if demands_of(name).by_duty}
    problems += [
        _("%(right)s comes with a duty.") % {"right": one} for one in sorted(by_duty)
    ]
    return tuple(name for name in names if name not in by_duty)


def _members(group: Group, problems: list[str]) -> Iterable[Identity]:
    """Yield the members who are registered; a user model may know no groups."""
    users = getattr(group, "user_set", None)
    for user in users.select_related("jtsec_identity").all() if users else ():
        identity = identity_of(user)
        if identity is None:
            problems.append(
                _("%(name)s is not registered.") % {"name": user.get_username()}
            )
        else:
            yield identity
