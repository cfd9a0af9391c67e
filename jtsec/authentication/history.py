"""
Former passwords, so that none comes back too soon (P37).

What is kept is not the stored password value: an insider could copy that back into the
user's row and use the old password again. It is a value of another kind, bound to the
UID, that no login accepts. All values of one person share a salt that is derived from
the UID with the pepper, so that one hash compares a new password with all of them.
"""

from __future__ import annotations

import hmac
import re
import uuid
from typing import Any, Final

from jtsec.core.clock import now
from jtsec.keys import api as keys

from .argon2_profiles import Argon2Profile
from .binding import Named, framed, stretch
from .conf import authentication_settings
from .hashers import is_known_profile, our_hasher, password_bytes
from .models import PasswordHistory

PREFIX: Final = "jtsec_history$1$"
FORM: Final = re.compile(
    r"jtsec_history\$1\$(?P<pepper>[a-z0-9-]{1,24})"
    r"\$(?P<memory>\d{1,7}),(?P<time>\d{1,2}),(?P<lanes>\d{1,2})\$[0-9a-f]{64}"
)


def was_used(user: Any, identity: Named, password: str) -> bool:
    """
    Answer whether a password is among the last ones of its owner, the present included.

    Costs one hash for each pepper and profile in the history: one, as a rule.
    """
    raw = password_bytes(password)
    if raw is None:
        return False
    kept = list(_of(user)[: authentication_settings().password_history])
    kinds = {kind for encoded in kept if (kind := _kind_of(encoded)) is not None}
    fresh = {_encode(raw, identity.uid, *kind) for kind in kinds}
    return any(hmac.compare_digest(old, new) for old in kept for new in fresh)


def remember(user: Any, identity: Named, password: str) -> None:
    """Keep a password that was just set, and forget those beyond the number."""
    raw = password_bytes(password)
    limit = authentication_settings().password_history
    if raw is not None and limit:
        profile = our_hasher().profile()
        pepper = keys.active(keys.Purpose.PEPPER).id
        encoded = _encode(raw, identity.uid, pepper, profile)
        PasswordHistory.objects.create(user=user, encoded=encoded, set_at=now())
    rows = PasswordHistory.objects.filter(user=user).order_by("-pk")
    forgotten = list(rows.values_list("pk", flat=True)[limit:])
    PasswordHistory.objects.filter(pk__in=forgotten).delete()


def has_history(user: Any) -> bool:
    """Answer whether any password of the user is remembered."""
    return PasswordHistory.objects.filter(user=user).exists()


def _of(user: Any) -> Any:
    rows = PasswordHistory.objects.filter(user=user).order_by("-pk")
    return rows.values_list("encoded", flat=True)


def _encode(raw: bytes, uid: uuid.UUID, pepper: str, profile: Argon2Profile) -> str:
    salt = keys.mac_with(pepper, framed(b"jtsec.password.history.salt.1", uid.bytes))
    secret = keys.mac_with(pepper, framed(b"jtsec.password.history.1", uid.bytes, raw))
    tag = stretch(secret, salt=salt[:16], profile=profile)
    return f"{PREFIX}{pepper}${profile}${tag.hex()}"


def _kind_of(encoded: str) -> tuple[str, Argon2Profile] | None:
    """Return pepper and profile of a kept value; None when nothing of ours made it."""
    found = FORM.fullmatch(encoded)
    if found is None:
        return None
    profile = Argon2Profile(*(int(found[one]) for one in ("memory", "time", "lanes")))
    return (found["pepper"], profile) if is_known_profile(profile) else None
