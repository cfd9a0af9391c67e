"""What access can prove about who holds what."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact

from .conf import access_settings
from .holdings import unexpired
from .inconsistencies import Inconsistency, find_inconsistencies
from .models import AccessProfile, Assignment, Role
from .posts import posts
from .rows import alive
from .setting_up import ENOUGH, technical_administrators


def facts() -> Iterator[Fact]:
    """Yield what was measured now, about everybody."""
    found = find_inconsistencies()
    yield _none_of(
        found,
        "A4.4",
        "Nobody holds anything of another duty, or both sides of a declared pair.",
        ("foreign-duty", "role-foreign-duty", "conflict", "role-conflict"),
    )
    yield _none_of(
        found,
        "A4.7",
        "Nobody who is no police officer holds a function for police officers.",
        ("police-only",),
    )
    yield _none_of(
        found,
        "A4.2",
        "Every row of the policy is under a whole seal.",
        ("altered", "cannot-verify"),
    )
    yield _none_of(
        found,
        "P15.1",
        "Nobody holds posts that exclude each other.",
        ("posts-exclude",),
        {
            "posts": sorted(posts()),
            "holders": AccessProfile.objects.filter(alive()).exclude(posts=[]).count(),
        },
    )
    yield _roles()
    count = technical_administrators().count()
    statement = "There are at least two technical administrators."
    yield Fact("P38", statement, count >= ENOUGH, {"administrators": count})
    yield Fact(
        "P39",
        "An administrator grants in the own organisation and under it alone.",
        True,
        {"levels": access_settings().grant_levels},
    )


def _roles() -> Fact:
    roles = Role.objects.filter(alive())
    restricted = roles.exclude(restrictions={})
    counts = {
        "roles": roles.count(),
        "held": Assignment.objects.filter(unexpired()).count(),
        "with login restrictions": restricted.count(),
    }
    return Fact("A4.6", "Rights are given by roles, each of one duty.", True, counts)


def _none_of(
    found: tuple[Inconsistency, ...],
    clause: str,
    statement: str,
    reasons: tuple[str, ...],
    more: dict[str, object] | None = None,
) -> Fact:
    those = [str(one) for one in found if one.reason in reasons]
    return Fact(clause, statement, not those, {**(more or {}), "found": those[:20]})
