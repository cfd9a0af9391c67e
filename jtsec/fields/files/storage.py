"""A storage of Django's whose files are SM4-encrypted wherever they lie."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage
from django.core.files.storage.handler import StorageHandler
from django.utils.deconstruct import deconstructible

from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto import chunks
from jtsec.keys import api as keys

from .opening import ChunkReader, OpenedFile, require_reading
from .sealing import SealedContent

TRIES: Final = 20
"""How often another name is tried where others took it in the same instant."""


@deconstructible(path="jtsec.fields.EncryptedStorage")
class EncryptedStorage(Storage):
    """
    Keeps files in another storage, each sealed in chunks under a key of its own.

        STORAGES = {"papers": {
            "BACKEND": "jtsec.fields.EncryptedStorage",
            "OPTIONS": {"context": "papers"},
        }, …}

    A file opens under the context and the name it was saved with, nowhere else. It is
    read from any position, and never written to again. There is no `path`: whoever
    opened that would have ciphertext.

    Args:
        context: what the files belong to; `EncryptedFileField` gives app.model.field.
        storage: where they lie: a storage, or BACKEND and OPTIONS as in STORAGES;
            a folder under MEDIA_ROOT unless given.

    Raises:
        ConfigurationError: the context is empty.
    """

    def __init__(
        self, context: str, storage: Storage | Mapping[str, Any] | None = None
    ) -> None:
        if not context:
            raise ConfigurationError("EncryptedStorage needs a context")
        self.context = context
        if isinstance(storage, Mapping):
            storage = StorageHandler({}).create_storage(dict(storage))
        self._given: Storage = FileSystemStorage() if storage is None else storage

    @property
    def backing(self) -> Storage:
        """Return where the ciphertext lies."""
        given = self._given
        return given.backing if isinstance(given, EncryptedStorage) else given

    def _save(self, name: str, content: Any) -> str:
        name = name.replace("\\", "/")
        for _ in range(TRIES):
            key_id, gcm = keys.active_gcm(keys.Purpose.FIELD)
            head, cipher = chunks.new_head(key_id, gcm, self.place_of(name))
            sealed: File[Any] = SealedContent(content, head, cipher)
            saved = self.backing.save(name, sealed)
            if saved == name:
                return name
            # Somebody took the name meanwhile; under another one it would not open.
            self.backing.delete(saved)
            content.seek(0)
            name = self.get_available_name(name).replace("\\", "/")
        raise FileExistsError(f"no free name was found for {name}")

    def _open(self, name: str, mode: str = "rb") -> OpenedFile:
        require_reading(mode)
        name = name.replace("\\", "/")
        place = self.place_of(name)
        return OpenedFile(
            name, lambda: ChunkReader(self.backing.open(name), name, place)
        )

    def place_of(self, name: str) -> bytes:
        """Return what a file of a name is bound to."""
        # The name too, or who can write to the folder could exchange two files.
        return f"{self.context}\0{name}".encode()

    def size(self, name: str) -> int:
        """
        Return how many bytes the content has.

        Raises:
            FileAltered, FileUnreadable: as `open`; the length of an altered file is
                not told as if it were that of the content.
        """
        with self.open(name) as file:
            return file.size

    def delete(self, name: str) -> None:
        """Delete the file."""
        self.backing.delete(name)

    def exists(self, name: str) -> bool:
        """Answer whether something of this name is stored."""
        return self.backing.exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the folders and the files in a folder."""
        return self.backing.listdir(path)

    def url(self, name: str | None) -> str:
        """Return the address; to be answered by `guard_file`, which decrypts."""
        return self.backing.url(name)

    def get_accessed_time(self, name: str) -> datetime:
        """Return when it was last read."""
        return self.backing.get_accessed_time(name)

    def get_created_time(self, name: str) -> datetime:
        """Return when it was made."""
        return self.backing.get_created_time(name)

    def get_modified_time(self, name: str) -> datetime:
        """Return when it was last written."""
        return self.backing.get_modified_time(name)
