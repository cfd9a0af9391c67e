"""The key that a holder's password makes, slowly, so that it is not guessed."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from os import urandom
from typing import Any, Final

from argon2.low_level import Type, hash_secret_raw

from jtsec.crypto.sm4 import KEY_SIZE

# RFC 9106, second recommended option. Others are read within bounds: more would be a
# way to stall who restores, less one to let a thief guess.
PASSES: Final = 3
MEMORY_KIB: Final = 65_536
LANES: Final = 4
SALT_SIZE: Final = 16
_PASSES_READ: Final = range(3, 21)
_MEMORY_READ: Final = range(MEMORY_KIB, 1_048_577)


def drawn() -> dict[str, Any]:
    """Return how a new key is made: a salt of its own, and the costs."""
    salt = base64.b64encode(urandom(SALT_SIZE)).decode("ascii")
    return {"memory": MEMORY_KIB, "passes": PASSES, "salt": salt}


def derived(password: str, how: Mapping[str, Any]) -> bytes:
    """
    Return the key that Argon2id makes of a password.

    Raises:
        KeyError, TypeError, ValueError: it is not said how, or in a way not read here.
    """
    if how["passes"] not in _PASSES_READ or how["memory"] not in _MEMORY_READ:
        raise ValueError
    salt = base64.b64decode(how["salt"], validate=True)
    if len(salt) != SALT_SIZE:
        raise ValueError
    return hash_secret_raw(
        password.encode(),
        salt,
        time_cost=how["passes"],
        memory_cost=how["memory"],
        parallelism=LANES,
        hash_len=KEY_SIZE,
        type=Type.ID,
    )
