"""
The seal over an identity: HMAC-SM3 of everything that says who somebody is.

An edit by SQL cannot make a matching seal, for the key is not in the database. The
UID and the primary key of the user are inside, so that a whole seal copied from
another row, or rows exchanged between two users, do not match either. The format is
written down, with a test vector, in docs/reference/formats.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils import timezone

from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse
from jtsec.crypto.exceptions import InvalidSignature
from jtsec.keys import api as keys

from .login_names import fold_login_name, login_key
from .models import Identity

VERSION: Final = b"jtsec-identity-seal\x01"


class SealBroken(VerifiedFalse):
    """
    Says that an identity was altered behind the application's back.

    Args:
        uid: whose, "" when not even that can be read.
        disagrees: the field that contradicts the user's row, "" when only the whole
            is known to differ: a seal tells that something changed, not what.
    """

    def __init__(self, uid: str, disagrees: str = "") -> None:
        what = disagrees or "something it covers"
        super().__init__(f"the seal of identity {uid or '?'} is broken: {what} differs")
        self.uid = uid
        self.disagrees = disagrees


def sealed_bytes(identity: Identity) -> bytes:
    """
    Return the canonical bytes: the version, then each field behind its length.

    A length is four bytes, big-endian, and counts bytes of UTF-8. Without it "ab" and
    "c" would seal like "a" and "bc".
    """
    fields = (
        str(identity.uid),
        str(identity.user_id),
        identity.user.get_username(),
        identity.login_name,
        identity.login_key,
        identity.name,
        identity.resident_id,
        "1" if identity.is_police else "0",
        identity.number,
        identity.organisation.code,
        identity.duty,
        "1" if identity.is_active else "0",
        _moment(identity.deactivated_at),
        identity.deactivated_why,
        bytes(identity.adopted_password).hex(),
    )
    encoded = [text.encode("utf-8", "surrogatepass") for text in fields]
    return VERSION + b"".join(len(one).to_bytes(4, "big") + one for one in encoded)


def apply_seal(identity: Identity) -> None:
    """Put the seal for the present values on an identity; the caller saves it."""
    key_id, mac = keys.mac(keys.Purpose.SEAL, sealed_bytes(identity))
    identity.seal_key_id, identity.seal = key_id, mac


def check_seal(identity: Identity) -> None:
    """
    Return if the seal is whole and agrees with the user.

    Raises:
        SealBroken: something was altered.
        CannotVerify: the key is missing; nothing is known, so the caller refuses.
    """
    uid = str(identity.uid)
    if disagreeing := _disagreeing(identity):
        raise SealBroken(uid, disagreeing)
    try:
        key = keys.get(identity.seal_key_id)
        if key.purpose is not keys.Purpose.SEAL:
            raise SealBroken(uid, "seal_key_id")
        keys.verify_mac(key.id, sealed_bytes(identity), bytes(identity.seal))
    except ConfigurationError as error:
        raise CannotVerify(f"the seal of identity {uid}: {error}") from error
    except InvalidSignature as error:
        raise SealBroken(uid) from error


def _disagreeing(identity: Identity) -> str:
    """Name the field that contradicts the user's row without any key."""
    username = identity.user.get_username()
    if fold_login_name(username) != fold_login_name(identity.login_name):
        return "username"
    if login_key(identity.login_name) != identity.login_key:
        return "login_key"
    return ""


def _moment(moment: datetime | None) -> str:
    """Return microseconds since 1970 in UTC, however the database keeps time."""
    if moment is None:
        return ""
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    seconds = int(aware.timestamp() // 1)
    return str(seconds * 1_000_000 + aware.microsecond)
