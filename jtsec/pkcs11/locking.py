"""The key in the token that locks the key file: found, trusted, used and made."""

from __future__ import annotations

from secrets import token_bytes
from typing import Any, Final

from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, ObjectClass, Session
from pkcs11.exceptions import MultipleObjectsReturned, NoSuchKey, PKCS11Error

from jtsec.core.wording import early_gettext as _
from jtsec.keys.api import KeyFileCorrupt

from .exceptions import KeyCanLeave
from .form import NONCE_SIZE

TAG_BITS: Final = 128
KEY_BITS: Final = 256
ID_SIZE: Final = 16


class LockingKey:
    """
    The AES key of a label, in an open session.

    Raises:
        KeyCanLeave: the token would give the key out; it locks nothing.
        PKCS11Error: there is none, there are several, or no answer.
    """

    __slots__ = ("_key", "id", "label")

    def __init__(self, session: Session, label: str) -> None:
        self._key = _find(session, label)
        self.label = label
        self.id = self.still_there()
        if self._key[Attribute.EXTRACTABLE] or not self._key[Attribute.SENSITIVE]:
            # Whoever has the PIN once could take the key along, and open any copy.
            raise KeyCanLeave(
                _("the key %(label)s can be taken out of the token") % {"label": label}
            )

    def still_there(self) -> bytes:
        """Return its id, as the token says it now; `PKCS11Error` where it is gone."""
        return bytes(self._key[Attribute.ID])

    def seal(self, data: bytes, nonce: bytes, bound: bytes) -> bytes:
        """Return the ciphertext with its tag; `bound` is authenticated with it."""
        sealed: bytes = self._key.encrypt(
            data,
            mechanism=Mechanism.AES_GCM,
            mechanism_param=GCMParams(nonce, bound, TAG_BITS),
        )
        return sealed

    def open(self, sealed: bytes, nonce: bytes, bound: bytes) -> bytes:
        """
        Return what was sealed.

        Raises:
            KeyFileCorrupt: the token works and denies it; something was altered.
            PKCS11Error: the token does not work; nothing is known.
        """
        try:
            return self._decrypted(sealed, nonce, bound)
        except PKCS11Error:
            # One code may stand for a wrong tag and for a failing token (SoftHSM:
            # CKR_GENERAL_ERROR). What is sealed and opened now tells which it is.
            nonce = token_bytes(NONCE_SIZE)
            self._decrypted(self.seal(b"probe", nonce, b""), nonce, b"")
        raise KeyFileCorrupt(_("the token denies that it locked this key file"))

    def _decrypted(self, sealed: bytes, nonce: bytes, bound: bytes) -> bytes:
        opened: bytes = self._key.decrypt(
            sealed,
            mechanism=Mechanism.AES_GCM,
            mechanism_param=GCMParams(nonce, bound, TAG_BITS),
        )
        return opened


def make_locking_key(session: Session, label: str) -> None:
    """Make an AES key that stays in its token; in a session that may write."""
    others = (Attribute.WRAP, Attribute.UNWRAP, Attribute.SIGN, Attribute.VERIFY)
    session.generate_key(
        KeyType.AES,
        KEY_BITS,
        id=token_bytes(ID_SIZE),
        label=label,
        store=True,
        template={
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
            Attribute.ENCRYPT: True,
            Attribute.DECRYPT: True,
            **dict.fromkeys(others, False),
        },
    )


def _find(session: Session, label: str) -> Any:
    # To its end: a search that is left open outlives its session and complains.
    found = list(
        session.get_objects(
            {
                Attribute.CLASS: ObjectClass.SECRET_KEY,
                Attribute.KEY_TYPE: KeyType.AES,
                Attribute.LABEL: label,
            }
        )
    )
    if not found:
        raise NoSuchKey(label)
    if len(found) > 1:
        raise MultipleObjectsReturned(label)
    return found[0]
