"""
Encrypted files under a new key, while they are read.

Only the file's own key stands under the key of the ring, so only the head changes, and
the chunks are copied as they are. What is left to do is read from the heads.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator

from django.db import models

from jtsec.crypto import chunks
from jtsec.keys import api as keys

from .opening import altered_as, gcm_of
from .replacing import path_of, replacing, stored_names
from .storage import EncryptedStorage


def files_by_key(
    model: type[models.Model], name: str, using: str = "default"
) -> Counter[str]:
    """
    Return how many files of a field are under each key of the ring.

    Args:
        model: the model.
        name: the field.
        using: the alias of the database.

    Raises:
        ConfigurationError: the files do not lie in a folder.
        FileAltered: one of them is no encrypted file.
        FileNotFoundError: a row names a file that is not there.
    """
    storage, names = stored_names(model, name, using)
    return Counter(key_of(storage, one) for one in names)


def renew_files(
    model: type[models.Model], name: str, using: str = "default"
) -> Iterator[str]:
    """
    Put the files of a field under the active key; yield the name of each that was.

    Each is replaced whole. Stopped at any point, every file is readable, and the next
    run goes on with what is left. Who reads a file meanwhile reads it to its end.

    Args:
        model: the model.
        name: the field.
        using: the alias of the database.

    Raises:
        ConfigurationError: the files do not lie in a folder.
        FileAltered, FileUnreadable: one does not open; it stays as it is.
        FileNotFoundError: a row names a file that is not there.
    """
    storage, names = stored_names(model, name, using)
    for one in names:
        if renew_file(storage, one):
            yield one


def renew_file(storage: EncryptedStorage, name: str) -> bool:
    """Put one file under the active key; answer whether there was need."""
    path, place = path_of(storage, name), storage.place_of(name)
    key_id, gcm = keys.active_gcm(keys.Purpose.FIELD)
    with path.open("rb") as old:
        head = old.read(chunks.HEAD_SIZE)
        with altered_as(name):
            if chunks.key_id_of(head) == key_id:
                return False
            renewed = chunks.renewed_head(head, gcm_of(head, name), key_id, gcm, place)
        with replacing(path) as new:
            new.write(renewed)
            shutil.copyfileobj(old, new)
    return True


def key_of(storage: EncryptedStorage, name: str) -> str:
    """Return the id of the key a file is under, or raise `FileAltered`."""
    with path_of(storage, name).open("rb") as file, altered_as(name):
        return chunks.key_id_of(file.read(chunks.HEAD_SIZE))
