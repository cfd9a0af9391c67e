"""A plain and an encrypted column of many rows, and files, sealed and in clear."""

from __future__ import annotations

import gc
import io
import os
import random
import tempfile
import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks import child

PLAIN: Final = "an indexed CharField"
BLIND: Final = "the blind index of an EncryptedCharField"
BARE: Final = "bare SM4-GCM of the provider, in pieces of 64 KiB"
SEALED: Final = "EncryptedStorage over FileSystemStorage"
CLEAR: Final = "FileSystemStorage, in clear"
BATCH: Final = 2000
CALLS: Final = 200
PIECE: Final = 1 << 16

models: dict[str, Any] = {}
blocks: list[bytes] = []


def number_of(one: int) -> str:
    """Return the resident ID of a row."""
    return f"110101{one:012}"


def make(rows: int) -> list[str]:
    """Make the two tables of so many rows, alike but for the column."""
    from django.db import connection
    from django.db import models as django

    from benchmarks.columns import LENGTH, model_with
    from jtsec.fields import EncryptedCharField

    models[PLAIN] = model_with(
        "SoughtPlain", django.CharField(max_length=LENGTH, db_index=True)
    )
    models[BLIND] = model_with(
        "SoughtBlind", EncryptedCharField(max_length=LENGTH, searchable=True)
    )
    with connection.schema_editor() as editor:
        for model in models.values():
            editor.create_model(model)
    for model in models.values():
        for first in range(0, rows, BATCH):
            model._base_manager.bulk_create(
                model(name=f"n{one}", id_number=number_of(one))
                for one in range(first, min(first + BATCH, rows))
            )
    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        cursor.execute("VACUUM ANALYZE" if is_postgres else "ANALYZE")
    return list(models)


def search(name: str, question: str) -> float:
    """Return the microseconds of one search, the row's value included."""
    model = models[name]
    rows = model._base_manager.count()
    draw, behind = random.Random(), rows if question == "miss" else 0
    sought = [number_of(behind + draw.randrange(rows)) for _ in range(CALLS)]
    gc.collect()
    start = time.perf_counter()
    if question == "in":
        for first in range(0, CALLS, 20):
            values = sought[first : first + 20]
            assert list(model._base_manager.filter(id_number__in=values))
        return (time.perf_counter() - start) / (CALLS / 20) * 1e6
    for value in sought:
        found = model._base_manager.filter(id_number=value).first()
        assert (found is None) if question == "miss" else found.id_number == value
    return (time.perf_counter() - start) / CALLS * 1e6


class Folder:
    """A storage in a folder, and the same one behind the encryption."""

    def __init__(self) -> None:
        from django.core.files.storage import FileSystemStorage

        from jtsec.fields import EncryptedStorage

        # The folder lives as long as the process.
        self._folder = tempfile.TemporaryDirectory()
        plain = FileSystemStorage(self._folder.name)
        self._storages = {
            CLEAR: plain,
            SEALED: EncryptedStorage("benchmarks.file", plain),
        }

    def write(self, name: str, megabytes: int) -> float:
        """Return how many MB a second were written."""
        from django.core.files.base import File

        content = os.urandom(1 << 20) * megabytes
        if name == BARE:
            return speed(megabytes, lambda: seal(content))
        storage = self._storages[name]
        storage.delete(name)
        file: Any = File(io.BytesIO(content), name)
        return speed(megabytes, lambda: storage.save(name, file))

    def read(self, name: str, megabytes: int) -> float:
        """Return how many MB a second were read of what was written last."""
        if name == BARE:
            return speed(megabytes, open_)
        with self._storages[name].open(name) as file:

            def whole() -> None:
                assert sum(map(len, file.chunks(PIECE))) == megabytes << 20

            return speed(megabytes, whole)


def seal(content: bytes) -> None:
    """Seal a content piece by piece, and put the pieces nowhere but in memory."""
    from jtsec.crypto.sm4 import CryptographyGcm

    blocks.clear()
    engine = CryptographyGcm(bytes(16))
    for number, first in enumerate(range(0, len(content), PIECE)):
        nonce = number.to_bytes(12, "big")
        blocks.append(engine.seal(nonce, content[first : first + PIECE], b"x" * 25))


def open_() -> None:
    """Open what `seal` sealed last."""
    from jtsec.crypto.sm4 import CryptographyGcm

    engine = CryptographyGcm(bytes(16))
    for number, block in enumerate(blocks):
        nonce = number.to_bytes(12, "big")
        engine.open(nonce, block[:-16], block[-16:], b"x" * 25)


def speed(megabytes: int, action: Callable[[], Any]) -> float:
    """Return megabytes a second."""
    gc.collect()
    begin = time.perf_counter()
    action()
    return megabytes / (time.perf_counter() - begin)


def main() -> None:
    """Make the folder, and answer the parent."""
    child.prepare()
    folder = Folder()

    def ways() -> list[str]:
        return [BARE, SEALED, CLEAR]

    child.serve(
        {
            "make": make,
            "search": search,
            "ways": ways,
            "write": folder.write,
            "read": folder.read,
        }
    )


if __name__ == "__main__":
    main()
