"""Gives posts to people and takes them back (clause P15.1)."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.audit.api import record
from jtsec.core.exceptions import InputError
from jtsec.identity.models import Identity

from .exclusions import SENTENCES
from .gate import PolicyRefused, policy_gate
from .models import AccessProfile
from .person_in_hand import person_for, require_loser
from .policy_events import PostGiven, PostTakenBack
from .post_faults import post_faults
from .posts import posts
from .profiles import profile_in_hand, write_profile
from .refusals import refusals_recorded
from .rows import checked_reason

EXCLUDE: Final[Promise] = gettext_lazy(
    "The person holds a post that excludes this one."
)


def appoint(identity: Identity, post: str, *, reason: str) -> AccessProfile:
    """
    Give somebody a post.

    Args:
        identity: to whom.
        post: its code.
        reason: why, in 1 to 200 characters.

    Raises:
        PolicyRefused: "foreign-duty", "police-only" or "posts-exclude", or as for
            `assign`; recorded.
        InputError: there is no such post, or the person holds it already; recorded.
    """
    with refusals_recorded(
        "appoint", resource=f"post:{post}", subject=identity.login_name
    ):
        why = checked_reason(reason)
        _require_known(post)
        with policy_gate() as by:
            person = person_for(by, identity)
            profile = profile_in_hand(person)
            if post in profile.posts:
                raise InputError(_("The person holds this post already."), code="held")
            profile.posts = sorted({*profile.posts, post})
            _require_together(person, profile.posts)
            write_profile(profile, by, why)
            record(
                PostGiven(
                    resource=f"identity:{person.uid}",
                    subject_username=person.user.get_username(),
                    post=post,
                    reason=why,
                )
            )
    return profile


def dismiss(identity: Identity, post: str, *, reason: str) -> AccessProfile:
    """Take a post back; arguments and refusals as for `appoint`."""
    with refusals_recorded(
        "dismiss", resource=f"post:{post}", subject=identity.login_name
    ):
        why = checked_reason(reason)
        with policy_gate() as by:
            profile = profile_in_hand(identity)
            require_loser(by, profile.identity)
            if post not in profile.posts:
                raise InputError(_("The person does not hold this post."), code="ended")
            profile.posts = [one for one in profile.posts if one != post]
            write_profile(profile, by, why)
            record(
                PostTakenBack(
                    resource=f"identity:{identity.uid}",
                    subject_username=identity.user.get_username(),
                    post=post,
                    reason=why,
                )
            )
    return profile


def _require_known(post: str) -> None:
    if post not in posts():
        raise InputError(
            _("There is no post %(code)s.") % {"code": post},
            field="post",
            code="unknown-post",
        )


def _require_together(person: Identity, held: list[str]) -> None:
    faults = tuple(post_faults(person, held))
    if faults:
        reason = faults[0].reason
        sentence = EXCLUDE if reason == "posts-exclude" else SENTENCES[reason]
        detail = "; ".join(map(str, faults))[:500]
        raise PolicyRefused(reason, str(sentence), detail)
