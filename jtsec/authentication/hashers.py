"""
The password hasher: Argon2id over an HMAC-SM3 of UID, name and password (A3.2.5).

Whom it works for comes from `hash_for(identity)`, which the backend, the user model's
own `check_password` and `set_password` and the saving of a user all enter. Outside of
it a bound value is verified for the identity it names, and only if that identity's user
holds this very value; a new value is bound to nobody, and is accepted at login only if
it was there when the identity was registered.
"""

from __future__ import annotations

import hmac
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import (
    BasePasswordHasher,
    get_hasher,
    mask_hash,
    must_update_salt,
)
from django.utils.translation import gettext_noop as _

from jtsec.core.exceptions import ConfigurationError, InputError
from jtsec.identity.api import identity_of
from jtsec.keys import api as keys

from .argon2_profiles import PROFILES, Argon2Profile
from .binding import (
    ALGORITHM,
    MAX_BYTES,
    Owner,
    StoredValue,
    owner_in_context,
    parse,
    tag_of,
)
from .conf import authentication_settings


class JtsecArgon2Hasher(BasePasswordHasher):
    """Hashes passwords bound to their owner; `PASSWORD_HASHERS[0]`."""

    algorithm = ALGORITHM
    library = "argon2"

    def profile(self) -> Argon2Profile:
        """Return what a new hash costs."""
        return PROFILES[authentication_settings().argon2_profile]

    def encode(self, password: str | bytes | None, salt: str) -> str:
        """
        Return the value to store, bound to the owner in context, if any.

        Raises:
            InputError: the password is longer than 1024 bytes or is no text.
            TypeError: there is no password.
            ValueError: the salt does not fit the form.
            Overloaded: no slot for hashing came free in time.
        """
        if password is None:
            raise TypeError("password must be provided")
        if not salt:
            raise ValueError("salt must be provided")
        raw = password_bytes(password)
        if raw is None:
            raise InputError(
                f"a password has at most {MAX_BYTES} bytes",
                field="password",
                code="password_too_long",
            )
        owner, profile = owner_in_context(), self.profile()
        pepper = keys.active(keys.Purpose.PEPPER).id
        tag = tag_of(raw, owner, pepper=pepper, salt=salt.encode(), profile=profile)
        uid = owner.uid if owner else None
        encoded = str(StoredValue(pepper, uid, profile, salt, tag))
        parse(encoded)  # What could not be read back must not be stored.
        return encoded

    def verify(self, password: str | bytes, encoded: str) -> bool:
        """
        Answer whether a password belongs to a stored value, at the price of one hash.

        A value that is malformed or somebody else's costs that price too, so that the
        time tells nothing. A password over 1024 bytes is wrong without being hashed.
        """
        raw = password_bytes(password)
        if raw is None:
            return False
        stored = self._readable(encoded)
        if stored is None:
            return self._spend(raw)
        owner = _owner_of(stored, encoded)
        if stored.uid is not None and (owner is None or owner.uid != stored.uid):
            return self._spend(raw)
        tag = tag_of(
            raw,
            owner if stored.uid is not None else None,
            pepper=stored.pepper,
            salt=stored.salt.encode(),
            profile=stored.profile,
        )
        return hmac.compare_digest(tag, stored.tag)

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return the parts of a value, as Django's hashers do; ValueError if none."""
        stored = parse(encoded)
        return {
            "algorithm": self.algorithm,
            "hash": stored.tag.hex(),
            "salt": stored.salt,
            "pepper": stored.pepper,
            "uid": stored.uid,
            "memory_cost": stored.profile.memory,
            "time_cost": stored.profile.time,
            "parallelism": stored.profile.lanes,
        }

    def must_update(self, encoded: str) -> bool:
        """Answer whether a right password should be stored anew: other cost or key."""
        stored = self._readable(encoded)
        if stored is None:
            return True
        return (
            stored.profile != self.profile()
            or stored.uid is None
            or stored.pepper != keys.active(keys.Purpose.PEPPER).id
            or must_update_salt(stored.salt, self.salt_entropy)
        )

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """Return what an administrator may see of a value."""
        parts = self.decode(encoded)
        return {
            # Django translates its own words; only what it has no word for is marked.
            "algorithm": parts["algorithm"],
            _("key"): parts["pepper"],
            _("bound to"): str(parts["uid"] or "-"),
            "memory cost": parts["memory_cost"],
            "time cost": parts["time_cost"],
            "parallelism": parts["parallelism"],
            "salt": mask_hash(parts["salt"]),
            "hash": mask_hash(parts["hash"]),
        }

    def harden_runtime(self, password: str | bytes, encoded: str) -> None:
        """
        Do nothing: a value of an older, cheaper profile is verified at its own price.

        Running the difference is not possible with Argon2; the next good login
        stores the value at today's price.
        """

    def _readable(self, encoded: str) -> StoredValue | None:
        """
        Return the value's parts if it is one this hasher made.

        Parameters outside of the profiles were written by somebody else: four
        gigabytes of memory in one row would stop the server at each login.
        """
        try:
            stored = parse(encoded)
        except ValueError:
            return None
        return stored if is_known_profile(stored.profile) else None

    def _spend(self, raw: bytes) -> bool:
        """Take the time of one hash and say no."""
        pepper = keys.active(keys.Purpose.PEPPER).id
        salt = self.salt().encode()
        tag_of(raw, None, pepper=pepper, salt=salt, profile=self.profile())
        return False


def our_hasher() -> JtsecArgon2Hasher:
    """
    Return the hasher in force under our name; a subclass of it, under test.

    Raises:
        ConfigurationError: PASSWORD_HASHERS does not name it.
    """
    try:
        found = get_hasher(ALGORITHM)
    except ValueError as error:
        raise ConfigurationError("PASSWORD_HASHERS lacks the jtsec hasher") from error
    if not isinstance(found, JtsecArgon2Hasher):
        raise ConfigurationError("another hasher took the name jtsec_argon2")
    return found


def is_known_profile(profile: Argon2Profile) -> bool:
    """Answer whether a cost is one of ours, present or past."""
    return profile in (our_hasher().profile(), *PROFILES.values())


def password_bytes(password: str | bytes) -> bytes | None:
    """Return a password in UTF-8, or None where it is too long or is no text."""
    if len(password) > MAX_BYTES:
        return None
    try:
        raw = password.encode() if isinstance(password, str) else bytes(password)
    except UnicodeEncodeError:
        # Half of a surrogate pair, as JSON can carry it.
        return None
    return raw if len(raw) <= MAX_BYTES else None


def _owner_of(stored: StoredValue, encoded: str) -> Owner | None:
    """Return for whom a bound value is to be verified, or None for nobody."""
    in_context = owner_in_context()
    if in_context is not None or stored.uid is None:
        return in_context
    users = get_user_model()._base_manager.select_related("jtsec_identity")
    user = users.filter(jtsec_identity__uid=stored.uid).first()
    identity = identity_of(user)
    if user is None or identity is None or user.password != encoded:
        return None
    return Owner(identity.uid, identity.name)
