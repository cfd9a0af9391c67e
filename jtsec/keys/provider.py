"""
Who holds the keys: a file, or whatever an entry point brings, such as a card.

A provider says which keys there are and when that changed. Where the material never
leaves the hardware it gives keys without material, and overrides the verbs.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.wording import early_gettext as _
from jtsec.crypto import sm2
from jtsec.crypto.sm3 import KeyedMac
from jtsec.crypto.sm4 import Gcm

from .conf import keys_settings
from .exceptions import KeysUnavailable
from .format import dump_ring, parse_ring
from .key import Key
from .keyfile import one_writer, read, reason_of, replace, write_new

ENTRY_POINT_GROUP: Final = "jtsec.keys"
CREDENTIAL: Final = "jtsec.keys"


Alteration = Callable[[list[Key]], list[Key]]


class KeyProvider(ABC):
    """Holds the keys; made without arguments, asked by several threads."""

    @abstractmethod
    def version(self) -> Hashable:
        """
        Return a value that differs once the keys may have changed; asked every second.

        Raises:
            KeysUnavailable: the keys are gone; nothing goes on with the old ones.
        """

    @abstractmethod
    def keys(self) -> Iterable[Key]:
        """
        Return every key, retired ones included.

        Raises:
            ConfigurationError: a leaf of `jtsec.keys.exceptions` says why not.
        """

    def change(self, alter: Alteration) -> None:
        """
        Put other keys in the place of those that are there, one change at a time.

        Args:
            alter: makes the new list of the present one.

        Raises:
            KeysUnavailable: they cannot be changed from here.
        """
        raise KeysUnavailable(_("these keys are changed with their provider's tools"))

    def gcm(self, key: Key) -> Gcm:
        """Return the cipher under an SM4 key."""
        return Gcm(key.secret)

    def keyed_mac(self, key: Key) -> KeyedMac:
        """Return the MAC under an HMAC-SM3 key."""
        return KeyedMac(key.secret)

    def private_key(self, key: Key) -> sm2.PrivateKey:
        """Return the signer under an SM2 key."""
        return sm2.PrivateKey.from_pem(key.secret)


class FileKeyProvider(KeyProvider):
    """
    Reads the ring from the key file or from the systemd credentials.

    In clear, as it stands there. Where a token or a card locks the file, a subclass
    overrides `lock` and `unlock`; all the rest stays as it is.
    """

    def version(self) -> Hashable:
        """Return what tells one state of the file from another."""
        path = key_file()
        try:
            found = path.stat()
        except OSError as error:
            raise KeysUnavailable(
                _("the key file %(path)s: %(reason)s")
                % {"path": path, "reason": reason_of(error)}
            ) from None
        return (path, found.st_mtime_ns, found.st_ino, found.st_size, found.st_mode)

    def keys(self) -> Iterable[Key]:
        """Return the keys of the file."""
        return parse_ring(self.content(key_file()))

    def change(self, alter: Alteration) -> None:
        """Put another content in the file's place, whole or not at all."""
        path = key_file()
        with one_writer(path):
            keys = alter([*parse_ring(self.content(path))])
            data = dump_ring(keys, min(key.created for key in keys))
            replace(path, self._locked(data))

    def create(self, path: Path, data: bytes) -> None:
        """
        Write a ring where none was.

        Raises:
            KeyFileExists, KeyFileExposed, KeysUnavailable: nothing was written.
            KeyFileCorrupt: the content is no ring.
        """
        write_new(path, self._locked(data))

    def content(self, path: Path) -> bytes:
        """Return what a file says of the ring, unlocked; see `format`."""
        return self.unlock(read(path))

    def lock(self, data: bytes) -> bytes:
        """Return what is written for the content of a ring; here, the same."""
        return data

    def unlock(self, data: bytes) -> bytes:
        """
        Return the content of a ring for what was written; here, the same.

        Raises:
            KeysUnavailable: it cannot be opened now; nothing is known of it.
            KeyFileCorrupt: it was looked at and is not what was written.
        """
        return data

    def _locked(self, data: bytes) -> bytes:
        locked = self.lock(data)
        parse_ring(self.unlock(locked))  # nothing that cannot be read gets the name
        return locked


def key_file() -> Path:
    """
    Return the path of the key file.

    Raises:
        KeysUnavailable: none is configured and systemd gave no credential.
    """
    configured = keys_settings().file
    if configured:
        return Path(configured)
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if folder and (Path(folder) / CREDENTIAL).exists():
        return Path(folder) / CREDENTIAL
    raise KeysUnavailable(_("no key file is configured (JTSEC_KEYS_FILE)"))


def chosen_provider() -> KeyProvider:
    """
    Return the provider the settings name.

    Raises:
        ConfigurationError: it is not there, or is no `KeyProvider`. Nothing stands in
            for it: falling back to a file would quietly take keys out of the card.
    """
    name = keys_settings().provider
    if name == "file":
        return FileKeyProvider()
    found = list(entry_points(group=ENTRY_POINT_GROUP, name=name))
    try:
        made = (found[0].load() if found else _import(name))()
    except Exception as error:  # whatever a driver raises, the cause is kept
        raise KeysUnavailable(
            _("the key provider %(name)s cannot be had") % {"name": name}
        ) from error
    if not isinstance(made, KeyProvider):
        raise ConfigurationError(f"{name} is no KeyProvider")
    return made


def _import(path: str) -> type[KeyProvider]:
    module, _, name = path.rpartition(".")
    kind: type[KeyProvider] = getattr(import_module(module), name)
    return kind
