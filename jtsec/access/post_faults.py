"""What stands against somebody's posts: their duty, the police, one another (P15.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from jtsec.identity.models import Identity

from .models import AccessProfile
from .posts import Post, posts


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
