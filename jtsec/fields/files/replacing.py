"""A file of a folder, replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import FileSystemStorage
from django.db import models

from jtsec.core.exceptions import ConfigurationError

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


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a draft to write to, which then takes the place of a file."""
    # One for each process: two at the same file do not write into each other's.
    draft = path.with_name(f"{path.name}.{os.getpid()}.sealing")
    with draft.open("wb") as file:
        shutil.copymode(path, draft)
        yield file
        file.flush()
        # Or a crash leaves the new name on the disk, and nothing behind it.
        os.fsync(file.fileno())
    if path.exists():
        draft.replace(path)
    else:  # deleted meanwhile; it must not come back
        draft.unlink()
