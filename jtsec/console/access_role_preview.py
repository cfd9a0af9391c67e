"""What a change of a role would mean, shown before the button that does it."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from jtsec.access.api import Effect, preview
from jtsec.access.models import Role
from jtsec.authentication.api import PasswordAgain
from jtsec.crypto import sm3
from jtsec.identity.models import Identity

from .access_role_forms import RoleForm
from .exclusion_words import sentence_of, titles_of

SEEN: Final = "seen"
MOST_SHOWN: Final = 100


@dataclass(frozen=True)
class Row:
    """What a change means for one person, in words."""

    identity: Identity
    gained: list[str]
    lost: list[str]
    against: list[str]


@dataclass(frozen=True)
class Shown:
    """
    What the page says about a change.

    Args:
        rows: whom it touches, as many as a page shows.
        count: how many people it touches.
        broken: how many could not hold the role any more; it is refused then.
        seal: stands for the change and its effects; the button sends it back, and
            what has become another change meanwhile is shown again first.
    """

    rows: tuple[Row, ...]
    count: int
    broken: int
    seal: str


def shown_effects(role: Role, form: RoleForm) -> Shown:
    """
    Return what a change of a role would mean for whom.

    Args:
        role: as it is.
        form: a valid form of it.

    Raises:
        InputError: the form says something that no role can be.
    """
    content = form.content()
    found = preview(role, **content)
    touched = tuple(one for one in found.each if one.gained or one.lost or one.excluded)
    said = json.dumps(
        [
            [role.code, content],
            [[str(one.identity.uid), sorted(one.gained), sorted(one.lost),
              [str(each) for each in one.excluded]] for one in touched],
        ],
        default=str, sort_keys=True,
    )  # fmt: skip
    return Shown(
        rows=tuple(map(_row, touched[:MOST_SHOWN])),
        count=len(touched),
        broken=len(found.broken),
        seal=sm3.hexdigest(said.encode()),
    )


def seen_before(request: HttpRequest, shown: Shown) -> bool:
    """Answer whether the button was below exactly this preview."""
    sent = request.POST.get(SEEN, "")
    return hmac.compare_digest(sent.encode(), shown.seal.encode())


def asked_again(request: HttpRequest, *, is_asked: bool) -> PasswordAgain:
    """
    Return the form of the password beside that of a role.

    Args:
        request: whose.
        is_asked: whether all else is right and the button does it; only then what was
            typed is compared, for that is charged.
    """
    typed = request.POST if is_asked else None
    # Not demanded by the browser: the other button shows what a change means.
    return PasswordAgain(request.user, typed, use_required_attribute=False)


def _row(effect: Effect) -> Row:
    return Row(
        effect.identity,
        titles_of(effect.gained),
        titles_of(effect.lost),
        [sentence_of(one) for one in effect.excluded],
    )
