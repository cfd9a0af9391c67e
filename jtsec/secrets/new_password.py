"""Makes passwords for accounts of databases."""

from __future__ import annotations

import secrets
import string
from typing import Final

LENGTH: Final = 28
# No quote, backslash, space, @, : or /: they would break a URL or a pasted command.
KINDS: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "-_.+")
ALPHABET: Final = "".join(KINDS)


def new_password() -> str:
    """Return 28 characters by chance, of four kinds, about 170 bits."""
    while True:
        made = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        # Servers may demand each kind; made anew, so that none stands more likely.
        if all(set(made) & set(kind) for kind in KINDS) and made[0].isalnum():
            return made
