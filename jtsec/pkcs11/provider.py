"""
The holder of keys whose file opens only where the token is.

    JTSEC_KEYS_PROVIDER = "pkcs11"

The ring's keys work in this process, as those of a key file do, and are in its memory;
on the disk, in backups and in copies they are locked (A10.3). That the token and its
key are still there is asked every second: taken away, nothing goes on with the ring.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from secrets import token_bytes

from jtsec.core.wording import early_gettext as _
from jtsec.keys.api import FileKeyProvider

from .exceptions import TokenUnavailable
from .form import NONCE_SIZE, Head, dump_locked, parse_locked
from .locking import LockingKey
from .token import TOKEN


class Pkcs11KeyProvider(FileKeyProvider):
    """Keeps the key file locked under an AES key that does not leave its token."""

    def version(self) -> Hashable:
        """Return what tells one state of file and token from another."""
        return (super().version(), TOKEN.use(LockingKey.still_there))

    def create(self, path: Path, data: bytes) -> None:
        """Write a locked ring where none was; make the token's key, if need be."""
        TOKEN.make_key()
        super().create(path, data)

    def lock(self, data: bytes) -> bytes:
        """
        Return the locked file.

        Raises:
            TokenUnavailable: the token cannot be asked; nothing was locked.
        """

        def seal(key: LockingKey) -> bytes:
            # Random, under a key used once for each change of the ring: no two alike.
            head = Head(key.label, key.id, token_bytes(NONCE_SIZE))
            return dump_locked(head, key.seal(data, head.nonce, head.authenticated()))

        return TOKEN.use(seal)

    def unlock(self, data: bytes) -> bytes:
        """
        Return the content of a locked file.

        Raises:
            TokenUnavailable: the token cannot be asked, or its key is another one.
            KeyFileCorrupt: the key is the right one, and denies the file.
        """
        head, locked = parse_locked(data)

        def open_locked(key: LockingKey) -> bytes:
            if (head.key, head.key_id) != (key.label, key.id):
                raise TokenUnavailable(
                    _("the key file is locked with %(wanted)s, the token has %(found)s")
                    % {
                        "wanted": f"{head.key} ({head.key_id.hex()})",
                        "found": f"{key.label} ({key.id.hex()})",
                    }
                )
            return key.open(locked, head.nonce, head.authenticated())

        return TOKEN.use(open_locked)
