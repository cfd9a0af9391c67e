"""A password must not hold what everybody knows of its owner."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from jtsec.identity.api import identity_of

SHORTEST: Final = 3
SHORTEST_NAME: Final = 2
"""A Chinese name may have two characters."""

RESIDENT_ID_TAIL: Final = 6
"""The usual initial password of Chinese systems: the end of the ID number."""


def identifiers_in(password: str, user: Any) -> bool:
    """
    Answer whether a password holds the owner's login name, name or a number of theirs.

    Args:
        password: the password; case and width make no difference.
        user: the owner, or None.
    """
    folded = _folded(password)
    return any(_folded(one) in folded for one in _known_of(user))


def _known_of(user: Any) -> Iterator[str]:
    if user is None:
        return
    username = str(user.get_username() or "")
    mail = str(getattr(user, user.get_email_field_name(), "") or "").partition("@")[0]
    yield from (one for one in (username, mail) if len(one) >= SHORTEST)
    identity = identity_of(user) if user.pk is not None else None
    if identity is None:
        return
    if len(identity.name) >= SHORTEST_NAME:
        yield identity.name
    if len(identity.number) >= SHORTEST:
        yield identity.number
    if len(identity.resident_id) > RESIDENT_ID_TAIL:
        yield identity.resident_id[-RESIDENT_ID_TAIL:]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
