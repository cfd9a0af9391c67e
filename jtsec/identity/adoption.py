"""
Passwords from before the identity.

A value of `user.password` that is bound to nobody, as every value from before jtsec
is, would verify for whomever it is copied to. So the one that is there when somebody
is registered is noted, by a keyed digest that names the person and is under the seal;
only that one is good, until its first good login replaces it.
"""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser

from jtsec.audit.api import record
from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.crypto.exceptions import InvalidSignature
from jtsec.keys import api as keys

from .events import PasswordAdopted
from .gate import gate, require_somebody_else
from .holding import held
from .models import Identity
from .refusals import refusals_recorded
from .seal import apply_seal

VERSION: Final = b"jtsec-adopted-password\x01"


def adopt_password(identity: Identity) -> Identity:
    """
    Note the password a registered user has now as theirs.

    For a project whose own code has set an unbound password after the registration.

    Raises:
        NotAllowed: nobody acts, the duty is missing, or it is the actor's own.
        SealBroken, CannotVerify: the identity must be put right first.
    """
    with refusals_recorded(identity.login_name), gate(), held(identity) as found:
        require_somebody_else(found)
        found.adopted_password = adopted_mac(found.uid, found.user)
        apply_seal(found)
        found.save(update_fields=["adopted_password", "seal", "seal_key_id"])
        record(
            PasswordAdopted(
                resource=f"identity:{found.uid}",
                subject_username=found.user.get_username(),
            )
        )
    return found


def clear_adopted_password(identity: Identity) -> Identity:
    """
    Forget the noted password, once a bound one has taken its place.

    Happens in the middle of a login, when nobody is acting yet; so no actor is asked
    for. It can only take a way in away.

    Raises:
        SealBroken, CannotVerify: nothing is sealed anew over an altered row.
    """
    with held(identity) as found:
        if found.adopted_password:
            found.adopted_password = b""
            apply_seal(found)
            found.save(update_fields=["adopted_password", "seal", "seal_key_id"])
    return found


def is_adopted(identity: Identity, encoded: str) -> bool:
    """
    Answer whether an encoded password is the one noted for this person.

    Raises:
        CannotVerify: the key it was noted under is missing.
    """
    key_id, _, mac = bytes(identity.adopted_password).partition(b":")
    if not mac:
        return False
    try:
        keys.verify_mac(key_id.decode(), noted_bytes(identity.uid, encoded), mac)
    except InvalidSignature:
        return False
    except ConfigurationError as error:
        raise CannotVerify(f"the noted password of {identity.uid}: {error}") from error
    return True


def adopted_mac(uid: uuid.UUID, user: AbstractBaseUser) -> bytes:
    """Return the note of a user's present password, empty when it is unusable."""
    if not user.password or not user.has_usable_password():
        return b""
    key_id, mac = keys.mac(keys.Purpose.SEAL, noted_bytes(uid, user.password))
    return key_id.encode() + b":" + mac


def noted_bytes(uid: uuid.UUID, encoded: str) -> bytes:
    """Return what is digested of an encoded password and its owner."""
    return VERSION + uid.bytes + encoded.encode()
