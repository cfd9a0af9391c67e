"""What people read when a step is refused: why in general, never what to try next."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .exceptions import ApprovalRefused

SENTENCES: Final[dict[str, str | Promise]] = {
    "self-approval": _(
        "You raised or edited this, or it concerns you. Somebody else decides."
    ),
    "earlier-checker": _("You decided an earlier step. Somebody else takes this one."),
    "delegate-of-maker": _(
        "You would decide in the place of somebody who raised or edited this."
    ),
    "delegate-of-checker": _(
        "You would decide in the place of somebody who decided an earlier step."
    ),
    "stale-revision": _("This was changed since you opened it. Look at it again."),
    "stale-object": _(
        "What this is about was changed since. It must be amended or withdrawn."
    ),
    "expired": _("The deadline of this application has passed."),
    "wrong-state": _("This application is not waiting for that any more."),
    "anonymous": _("Somebody must be named for this."),
    "not-maker": _("Only who raised an application withdraws it."),
}
NOT_BELIEVED: Final = _(
    "What is stored of this application cannot be believed. Nothing was done."
)
RIGHT_MISSING: Final = _("You do not have the right to decide over this.")


def refused(reason: str) -> ApprovalRefused:
    """Return the refusal of a reason, in words for the person."""
    return ApprovalRefused(reason, str(SENTENCES.get(reason, RIGHT_MISSING)))
