"""What access can prove about who holds what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jtsec.core.evidence import Fact

from .conf import access_settings
from .holdings import unexpired
from .inconsistencies import find_inconsistencies
from .models import AccessProfile, Assignment, Role
from .posts import posts
from .rows import alive
from .setting_up import ENOUGH, technical_administrators

MOST: Final = 20
CLAUSES: Final = (
    (
        "A4.4",
        "Nobody holds anything of another duty, or both sides of a declared pair.",
        ("foreign-duty", "role-foreign-duty", "conflict", "role-conflict"),
    ),
    (
        "A4.7",
        "Nobody who is no police officer holds a function for police officers.",
        ("police-only",),
    ),
    (
        "A4.2",
        "Every row of the policy is under a whole seal.",
        ("altered", "cannot-verify"),
    ),
    ("P15.1", "Nobody holds posts that exclude each other.", ("posts-exclude",)),
)


def facts() -> Iterator[Fact]:
    """Yield what was measured now, about everybody."""
    found = find_inconsistencies()
    for clause, statement, reasons in CLAUSES:
        those = [str(one) for one in found if one.reason in reasons]
        yield Fact(clause, statement, not those, {"found": those[:MOST]})
    yield _posts()
    yield from _roles()
    count = technical_administrators().count()
    statement = "There are at least two technical administrators."
    yield Fact("P38", statement, count >= ENOUGH, {"administrators": count})
    yield Fact(
        "P39",
        "An administrator grants in the own organisation and under it alone.",
        True,
        {"levels": access_settings().grant_levels},
    )


def _posts() -> Fact:
    held = AccessProfile.objects.filter(alive()).exclude(posts=[]).count()
    value = {"posts": sorted(posts()), "people who hold one": held}
    return Fact("P15.1", "The posts and what they exclude are declared.", True, value)


def _roles() -> Iterator[Fact]:
    roles = Role.objects.filter(alive())
    restricted = roles.exclude(restrictions={})
    counts = {
        "roles": roles.count(),
        "held": Assignment.objects.filter(unexpired()).count(),
    }
    yield Fact("A4.6", "Rights are given by roles, each of one duty.", True, counts)
    statement = "Holders of a role are held to its login restrictions as well."
    yield Fact("A3.2.8", statement, True, {"roles": restricted.count()})
