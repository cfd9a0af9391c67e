"""
What can be wrong with the token: always that it cannot be asked, nothing more.

    KeysUnavailable
    └── TokenUnavailable     no library, no token, no such key, session lost
        └── PinRefused       not tried again, so that the token is not locked by it
    KeyFileExposed
    └── KeyCanLeave          the token would give out the key that locks the file

What the token was asked and denied, that a file is what it once locked, is a
`KeyFileCorrupt`: there the file is false. Messages name labels; never a PIN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from pkcs11.exceptions import PKCS11Error

from django.utils.translation import gettext_noop

from jtsec.core.wording import early_gettext as _
from jtsec.keys.api import KeyFileExposed, KeysUnavailable

SENTENCES: Final[Mapping[str, str]] = {
    "NoSuchToken": gettext_noop("no token of this label is there"),
    "MultipleTokensReturned": gettext_noop("several tokens have this label"),
    "NoSuchKey": gettext_noop("the token has no AES key of this label"),
    "MultipleObjectsReturned": gettext_noop("several keys have this label"),
    "PinIncorrect": gettext_noop("the PIN is wrong"),
    "PinLocked": gettext_noop("the PIN is locked"),
}
"""For what an administrator can mend; the rest keeps the name of the standard."""


class TokenUnavailable(KeysUnavailable):
    """Says that the token, or its key, cannot be had; nothing is known of the file."""

    hint = gettext_noop(
        "See that the token is there and has the key: pkcs11-tool --module "
        "$JTSEC_PKCS11_MODULE --login --list-objects"
    )


class PinRefused(TokenUnavailable):
    """Says that the token does not take the PIN, or may not be asked once more."""

    hint = gettext_noop(
        "Log in by hand with the right PIN; keep it under another name: "
        "python -m jtsec.secrets set pkcs11.pin-2; and name that in "
        "JTSEC_PKCS11_PIN_SECRET."
    )


class KeyCanLeave(KeyFileExposed):
    """Says that the token would give out the key; a file under it is not locked."""

    hint = gettext_noop(
        "Make another key with CKA_SENSITIVE and without CKA_EXTRACTABLE, and name it "
        "in JTSEC_PKCS11_KEY."
    )


@contextmanager
def as_token_errors() -> Iterator[None]:
    """Say of the token what its library says in codes."""
    try:
        yield
    except PKCS11Error as error:
        raise TokenUnavailable(
            _("the token cannot be used: %(reason)s") % {"reason": reason_of(error)}
        ) from error


def reason_of(error: PKCS11Error) -> str:
    """Return why a token refused, in the words of the reader where we have them."""
    name = type(error).__name__
    known = SENTENCES.get(name)
    return _(known) if known else " ".join(filter(None, [name, str(error)]))
