"""
The posts of running a system: which exclude each other, which need the police (P15.1).

A post is declared once, here or in JTSEC_ACCESS_POSTS; who holds it stands in the
person's one access profile, so that two posts that exclude each other meet in one list
under one seal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from .conf import access_settings


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
        "system-administration",
        pgettext_lazy("jtsec post", "System administration"),
        "system",
    ),
    _administration(
        "database-administration", gettext_lazy("Database administration"), "system"
    ),
    _administration(
        "security-administration",
        pgettext_lazy("jtsec post", "Security administration"),
        "security",
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


def _of_project(code: str, given: Mapping[str, Any]) -> Post:
    return Post(
        code=code,
        title=given["title"],
        duty=given["duty"],
        police_required=given.get("police_required", False),
        excludes=frozenset(given.get("excludes", ())),
    )
