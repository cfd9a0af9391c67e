"""
Whose password a hash is: the binding of UID, name and password, and its stored form.

    jtsec_argon2$1$<pepper>$<uid>$<memory>,<time>,<lanes>$<salt>$<tag>

A database holds hashes that an insider can copy from one row to another. So the
password never goes into Argon2id by itself: what goes in is HMAC-SM3, under a key that
is not in the database, over UID, name and password together (A3.2.5). A value put into
another row, or a changed UID or name, then gives another tag. The UID stands in the
value as well, so that a foreign value is known as such and can be reported.

The form, with a test vector, is in docs/reference/formats.md. It fits the 128
characters of Django's column.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from argon2.low_level import Type, hash_secret_raw

from jtsec.keys import api as keys

from .argon2_profiles import Argon2Profile
from .hashing_slots import hashing_slot

ALGORITHM: Final = "jtsec_argon2"
VERSION: Final = "1"
NOBODY: Final = "-"
COLUMN_WIDTH: Final = 128
MAX_BYTES: Final = 1024
"""A longer password is no password: hashing 10 MB is what an attacker wants."""

_FORM: Final = re.compile(
    r"jtsec_argon2\$1\$(?P<pepper>[a-z0-9-]{1,24})\$(?P<uid>-|[A-Za-z0-9_-]{22})"
    r"\$(?P<memory>\d{1,7}),(?P<time>\d{1,2}),(?P<lanes>\d{1,2})"
    r"\$(?P<salt>[A-Za-z0-9]{8,64})\$(?P<tag>[A-Za-z0-9_-]{43})"
)


class Named(Protocol):
    """Somebody with a UID and a name: an identity."""

    @property
    def uid(self) -> uuid.UUID:
        """Return the UID."""

    @property
    def name(self) -> str:
        """Return the name."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password it is, as far as the hash is concerned."""

    uid: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class StoredValue:
    """A stored password value, taken apart; `uid` is None where it is unbound."""

    pepper: str
    uid: uuid.UUID | None
    profile: Argon2Profile
    salt: str
    tag: bytes

    def __str__(self) -> str:
        uid = NOBODY if self.uid is None else _text(self.uid.bytes)
        parts = (ALGORITHM, VERSION, self.pepper, uid, str(self.profile), self.salt)
        return "$".join((*parts, _text(self.tag)))


_owner: ContextVar[Owner | None] = ContextVar("jtsec_password_owner", default=None)


@contextmanager
def hash_for(identity: Named) -> Iterator[None]:
    """Make the hasher work for this identity inside the block."""
    token = _owner.set(Owner(uid=identity.uid, name=identity.name))
    try:
        yield
    finally:
        _owner.reset(token)


def owner_in_context() -> Owner | None:
    """Return whom the hasher works for, or None outside of `hash_for`."""
    return _owner.get()


def parse(encoded: str) -> StoredValue:
    """
    Take a stored value apart.

    Raises:
        ValueError: it is not of this form.
    """
    found = _FORM.fullmatch(encoded)
    if found is None or len(encoded) > COLUMN_WIDTH:
        raise ValueError("not a stored password value of this form")
    uid = found["uid"]
    return StoredValue(
        pepper=found["pepper"],
        uid=None if uid == NOBODY else uuid.UUID(bytes=_bytes(uid)),
        profile=Argon2Profile(
            int(found["memory"]), int(found["time"]), int(found["lanes"])
        ),
        salt=found["salt"],
        tag=_bytes(found["tag"]),
    )


def tag_of(
    password: bytes,
    owner: Owner | None,
    *,
    pepper: str,
    salt: bytes,
    profile: Argon2Profile,
) -> bytes:
    """
    Return the 32 bytes that stand for a password of an owner.

    Args:
        password: in UTF-8.
        owner: whose, or None for a value that is bound to nobody yet.
        pepper: the id of the key of HMAC-SM3.
        salt: at least 8 bytes.
        profile: what the hash costs.

    Raises:
        Overloaded: no slot for hashing came free in time.
        jtsec.keys.api.UnknownKey: the pepper is not in the ring.
    """
    if owner is None:
        message = framed(b"jtsec.password.unbound.1", password)
    else:
        parts = owner.uid.bytes, owner.name.encode(), password
        message = framed(b"jtsec.password.bound.1", *parts)
    return stretch(keys.mac_with(pepper, message), salt=salt, profile=profile)


def stretch(secret: bytes, *, salt: bytes, profile: Argon2Profile) -> bytes:
    """Return Argon2id of a secret, 32 bytes, in one of the process's slots."""
    argon2id = partial(
        hash_secret_raw,
        secret,
        salt,
        time_cost=profile.time,
        memory_cost=profile.memory,
        parallelism=profile.lanes,
        hash_len=32,
        type=Type.ID,
    )
    with hashing_slot() as slot:
        return slot.run(argon2id)


def framed(*parts: bytes) -> bytes:
    """
    Return the parts in one message, each after its length in four bytes.

    Joined without lengths, the name "ab" with the password "c" would be the name "a"
    with the password "bc".
    """
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if _text(data) != text:
        # Unused bits of the last character would give one value several spellings.
        raise ValueError("not the one spelling of these bytes")
    return data
