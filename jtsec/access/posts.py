"""
The posts of running a system: which exclude each other, which need the police (P15.1).

A post is declared once, here or in JTSEC_ACCESS_POSTS; who holds it stands in the
person's one access profile, so that two posts that exclude each other meet in one list
under one seal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from jtsec.identity.models import Identity

from .conf import access_settings
from .models import AccessProfile


@dataclass(frozen=True)
class Post:
    """
    One post.

    Args:
        code: its name for programs.
        title: what people call it.
        duty: the duty of who holds it.
        police_required: whether a police officer must hold it.
        excludes: codes of the posts that nobody holds together with it.
    """

    code: str
    title: str | Promise
    duty: str
    police_required: bool = False
    excludes: frozenset[str] = frozenset()


ADMINISTRATION: Final = frozenset(
    {
        "system-administration",
        "database-administration",
        "security-administration",
        "network-administration",
    }
)


def _administration(code: str, title: Promise, duty: str) -> Post:
    return Post(code, title, duty, police_required=True, excludes=ADMINISTRATION)


DECLARED: Final = (
    _administration(
        "system-administration", gettext_lazy("System administration"), "system"
    ),
    _administration(
        "database-administration", gettext_lazy("Database administration"), "system"
    ),
    _administration(
        "security-administration", gettext_lazy("Security administration"), "security"
    ),
    _administration(
        "network-administration", gettext_lazy("Network administration"), "system"
    ),
    Post("technical", gettext_lazy("Technical administration"), "system"),
    Post(
        "application-security",
        gettext_lazy("Application security administration"),
        "security",
        police_required=True,
        excludes=frozenset({"security-administration"}),
    ),
    Post(
        "business-manager",
        gettext_lazy("Business management"),
        "business",
        police_required=True,
        excludes=frozenset({"business-handler"}),
    ),
    Post("business-handler", gettext_lazy("Business handling"), "business"),
)


def posts() -> Mapping[str, Post]:
    """Return every post by its code: those declared here, and the project's own."""
    found = {post.code: post for post in DECLARED}
    for code, given in access_settings().posts.items():
        found[code] = _of_project(code, given)
    return MappingProxyType(found)


@dataclass(frozen=True)
class PostFault:
    """
    Something that stands against somebody's posts.

    Args:
        reason: "foreign-duty", "police-only" or "posts-exclude".
        post: the code of the post.
        other: the code of the post it excludes, else "".
    """

    reason: str
    post: str
    other: str = ""

    def __str__(self) -> str:
        """Return it as the audit writes it down."""
        return f"{self.reason} {self.post} {self.other}".rstrip()


def post_faults(identity: Identity, held: Collection[str]) -> Iterator[PostFault]:
    """
    Yield what stands against a person holding some posts together (clause P15.1).

    Args:
        identity: the person, as the database holds them.
        held: codes of all the posts they would hold.
    """
    known = posts()
    for post in (known[code] for code in sorted(held) if code in known):
        if post.duty != identity.duty:
            yield PostFault("foreign-duty", post.code)
        if post.police_required and not identity.is_police:
            yield PostFault("police-only", post.code)
        for other in sorted(held):
            is_pair = other != post.code and post.code < other
            if is_pair and _exclude_each_other(known, post, other):
                yield PostFault("posts-exclude", post.code, other)


def posts_held(identity: Identity) -> tuple[str, ...]:
    """Return the codes of somebody's posts, as the row says, whole or not."""
    profile = AccessProfile.objects.filter(identity=identity.pk).first()
    return () if profile is None else tuple(profile.posts)


def _exclude_each_other(known: Mapping[str, Post], post: Post, other: str) -> bool:
    """One side is enough: whoever declares a post need not change the others."""
    return other in post.excludes or (
        other in known and post.code in known[other].excludes
    )


def _of_project(code: str, given: Mapping[str, Any]) -> Post:
    return Post(
        code=code,
        title=given["title"],
        duty=given["duty"],
        police_required=given.get("police_required", False),
        excludes=frozenset(given.get("excludes", ())),
    )
