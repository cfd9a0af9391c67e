"""A file of a folder, replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.db import models

from jtsec.core.exceptions import ConfigurationError
from jtsec.fields.exceptions import FileAltered

from .field import EncryptedFileField
from .storage import EncryptedStorage


def stored_names(
    model: type[models.Model], name: str, using: str
) -> tuple[EncryptedStorage, Iterator[str]]:
    """
    Return the storage of a field, and the names of its files, each once.

    Raises:
        TypeError: it is no encrypted field of files.
        ConfigurationError: the files do not lie in a folder.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, EncryptedFileField):
        raise TypeError(f"{name} is not an encrypted field of files")
    storage = field.encrypted_storage
    if not isinstance(storage.backing, FileSystemStorage):
        raise ConfigurationError("only files in a folder are replaced in their place")
    rows = model._base_manager.using(using).exclude(**{name: ""})
    # Two rows may share a file.
    names = rows.order_by(name).values_list(name, flat=True).distinct()
    return storage, (str(one) for one in names.iterator())


def path_of(storage: EncryptedStorage, name: str) -> Path:
    """
    Return where a file lies.

    Raises:
        FileAltered: no file of this storage can have this name; a row was altered.
    """
    if "\0" in name:
        raise FileAltered(name)
    try:
        return Path(storage.backing.path(name))
    except SuspiciousFileOperation:  # such as ../../etc/passwd
        raise FileAltered(name) from None


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a draft to write to, which then takes the place of a file."""
    # By chance: two at the same file do not write into each other's draft, and in two
    # containers the processes may have the same number.
    draft = path.with_name(f"{path.name}.{token_hex(8)}.sealing")
    file = draft.open("xb")
    try:
        with file:
            shutil.copymode(path, draft)
            yield file
            file.flush()
            # Or a crash leaves the new name on the disk, and nothing behind it.
            os.fsync(file.fileno())
        if path.exists():  # else deleted meanwhile; it must not come back
            draft.replace(path)
    finally:
        # On a full disk, the drafts of a thousand files would fill it for good.
        draft.unlink(missing_ok=True)
