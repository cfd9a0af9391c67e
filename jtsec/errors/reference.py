"""
References: what a visitor reads out on the telephone, such as JT-7F3K-92QA.

Forty random bits in Crockford's alphabet, which has no I, L, O and U. A reference says
nothing of the error, not even how many there were.
"""

from __future__ import annotations

import re
import secrets

from .exceptions import MalformedCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_FORM = re.compile(rf"(?:JT)?([{ALPHABET}]{{8}})")
_HEARD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_reference() -> str:
    """Return a fresh reference."""
    return _with_dashes("".join(secrets.choice(ALPHABET) for _ in range(8)))


def parse_reference(text: str) -> str:
    """
    Return a reference in its own form, however it was typed.

    Raises:
        MalformedCode: it is none.
    """
    typed = re.sub(r"[\s–—-]", "", text).upper().translate(_HEARD)
    match = _FORM.fullmatch(typed)
    if match is None:
        raise MalformedCode("A reference has the form JT-7F3K-92QA.")
    return _with_dashes(match[1])


def _with_dashes(letters: str) -> str:
    return f"JT-{letters[:4]}-{letters[4:]}"
