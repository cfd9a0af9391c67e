"""Seals the files that lay there in clear before their field was an encrypted one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import models

from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto import chunks
from jtsec.keys import api as keys

from .field import EncryptedFileField
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
    field = model._meta.get_field(name)
    if not isinstance(field, EncryptedFileField):
        raise TypeError(f"{name} is not an encrypted field of files")
    rows = model._base_manager.using(using).exclude(**{name: ""})
    # Two rows may share a file.
    names = rows.order_by(name).values_list(name, flat=True).distinct()
    storage: Any = field.storage
    return sum(_seal(storage, str(one)) for one in names.iterator())


def _seal(storage: EncryptedStorage, name: str) -> bool:
    backing = storage.backing
    if not isinstance(backing, FileSystemStorage):
        raise ConfigurationError("only files in a folder are sealed in their place")
    path = Path(backing.path(name))
    with path.open("rb") as plain:
        if plain.read(len(chunks.MARK)) == chunks.MARK:
            storage.size(name)  # says whether it opens
            return False
        plain.seek(0)
        draft = path.with_name(f"{path.name}.sealing")
        with draft.open("wb") as sealed:
            shutil.copymode(path, draft)
            key_id, gcm = keys.active_gcm(keys.Purpose.FIELD)
            head, cipher = chunks.new_head(key_id, gcm, storage.place_of(name))
            sealed.writelines(sealed_parts(File(plain), head, cipher))
            sealed.flush()
            # Or a crash leaves the new name on the disk, and nothing behind it.
            os.fsync(sealed.fileno())
    draft.replace(path)
    return True
