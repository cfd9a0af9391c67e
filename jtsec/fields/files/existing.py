"""Seals the files that lay there in clear before their field was an encrypted one."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.db import models

from jtsec.crypto import chunks
from jtsec.keys import api as keys

from .replacing import path_of, replacing, stored_names
from .sealing import sealed_parts
from .storage import EncryptedStorage


def encrypt_files(model: type[models.Model], name: str, using: str = "default") -> int:
    """
    Seal the files of a field that are still in clear; for a `RunPython` or a shell.

    Each is replaced whole by its sealed self, under the same name. A run that was
    stopped is run again and goes on with what is left.

    Args:
        model: the model as it is, not a historical one: the label is that of today.
        name: the field.
        using: the alias of the database.

    Returns:
        How many files were sealed.

    Raises:
        ConfigurationError: the files do not lie in a folder.
        FileAltered, FileUnreadable: a sealed one does not open; nothing was changed.
        FileNotFoundError: a row names a file that is not there.
    """
    storage, names = stored_names(model, name, using)
    return sum(_seal(storage, one) for one in names)


def _seal(storage: EncryptedStorage, name: str) -> bool:
    path = path_of(storage, name)
    with path.open("rb") as plain:
        if plain.read(len(chunks.MARK)) == chunks.MARK:
            storage.size(name)  # says whether it opens
            return False
        plain.seek(0)
        key_id, gcm = keys.active_gcm(keys.Purpose.FIELD)
        head, cipher = chunks.new_head(key_id, gcm, storage.place_of(name))
        content: File[Any] = File(plain)
        with replacing(path) as sealed:
            sealed.writelines(sealed_parts(content, head, cipher))
    return True
