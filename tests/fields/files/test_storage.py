"""Files lie sealed in their storage, are read from anywhere, and refuse alterations."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest

from django.core.files.base import ContentFile, File
from django.core.files.storage import (
    FileSystemStorage,
    InMemoryStorage,
    Storage,
    storages,
)
from django.core.files.uploadedfile import TemporaryUploadedFile

from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto.chunks import CHUNK_SIZE, HEAD_SIZE, SEALED_SIZE
from jtsec.fields import EncryptedStorage
from jtsec.fields.exceptions import FileAltered, FileUnreadable
from jtsec.keys import api as keys
from tests import keyring

pytestmark = pytest.mark.clause("A6.3")
CONTENT = os.urandom(3 * CHUNK_SIZE + 1234)
SIZES = (0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the ciphertext lies."""
    return tmp_path / "files"


@pytest.fixture
def storage(folder: Path) -> EncryptedStorage:
    """Return an encrypted storage over a folder."""
    return EncryptedStorage("permits.permit.scan", FileSystemStorage(folder))


def read(storage: EncryptedStorage, name: str) -> bytes:
    """Return a file's content."""
    with storage.open(name) as file:
        content: bytes = file.read()
    return content


@pytest.mark.parametrize("size", SIZES)
def test_every_length_comes_back(storage: EncryptedStorage, size: int) -> None:
    """At the edges of the chunks too."""
    name = storage.save("a.bin", ContentFile(CONTENT[:size]))
    assert read(storage, name) == CONTENT[:size]
    assert storage.size(name) == size
    with storage.open(name) as file:
        assert b"".join(file.chunks(1000)) == CONTENT[:size]


def test_what_lies_there_is_ciphertext(storage: Any, folder: Path) -> None:
    """No part of the content is found, and the same content is never sealed alike."""
    text = "身份证号 110101199003071234\n" * 9000
    for name in ("a.txt", "b.txt"):
        storage.save(name, ContentFile(text))
    stored = [(folder / name).read_bytes() for name in ("a.txt", "b.txt")]
    assert stored[0][HEAD_SIZE:] != stored[1][HEAD_SIZE:]
    for blob in stored:
        assert b"19900307" not in blob
        assert blob.startswith(b"\xb1\x03\x07field-1\x10")
    assert read(storage, "b.txt").decode() == text


def test_a_file_is_read_from_anywhere(storage: EncryptedStorage) -> None:
    """Seeking as in any file, over the edges of the chunks, and line by line."""
    name = storage.save("a.bin", ContentFile(CONTENT))
    with storage.open(name) as file:
        for begin in (2 * CHUNK_SIZE - 3, 5, len(CONTENT) - 9, CHUNK_SIZE):
            assert file.seek(begin) == begin
            assert file.read(700) == CONTENT[begin : begin + 700]
        assert file.seek(-5, io.SEEK_END) == len(CONTENT) - 5
        assert file.read() == CONTENT[-5:]
        assert file.read() == b""
        assert file.seek(10**9) == 10**9
        assert file.read() == b""
        with pytest.raises(ValueError, match="beginning"):
            file.seek(-(10**9), io.SEEK_END)
        with pytest.raises(io.UnsupportedOperation):
            file.fileno()  # a server would send the ciphertext behind it
    lines = storage.save("b.txt", ContentFile("一\n二\n三"))
    with storage.open(lines) as file:
        assert [line.decode() for line in file] == ["一\n", "二\n", "三"]


def test_a_closed_file_is_opened_again(storage: EncryptedStorage) -> None:
    """As code of Django does with a FieldFile."""
    file = storage.open(storage.save("a.bin", ContentFile(b"abc")))
    assert file.read() == b"abc"
    assert file.open().read() == b"abc"
    file.close()
    assert file.open("rb").read() == b"abc"
    file.close()


@pytest.mark.parametrize("mode", ["r", "wb", "ab", "r+b", "w"])
def test_a_stored_file_is_not_written_to(storage: EncryptedStorage, mode: str) -> None:
    """A chunk sealed anew under its number would give the key away."""
    name = storage.save("a.bin", ContentFile(b"abc"))
    with pytest.raises(io.UnsupportedOperation):
        storage.open(name, mode)
    with storage.open(name) as file, pytest.raises(io.UnsupportedOperation):
        file.open(mode)
    assert read(storage, name) == b"abc"


ALTERATIONS: dict[str, Any] = {
    "cut at a chunk": lambda blob: blob[: HEAD_SIZE + 2 * SEALED_SIZE],
    "cut to its first chunk": lambda blob: blob[: HEAD_SIZE + SEALED_SIZE],
    "cut to its head": lambda blob: blob[:HEAD_SIZE],
    "cut by a byte": lambda blob: blob[:-1],
    "cut to nothing": lambda blob: b"",
    "a byte more": lambda blob: blob + b"\0",
    "an empty chunk more": lambda blob: blob + blob[-16:],
    "its last chunk twice": lambda blob: blob + blob[HEAD_SIZE + 3 * SEALED_SIZE :],
    "two chunks exchanged": lambda blob: (
        blob[:HEAD_SIZE]
        + blob[HEAD_SIZE + SEALED_SIZE : HEAD_SIZE + 2 * SEALED_SIZE]
        + blob[HEAD_SIZE : HEAD_SIZE + SEALED_SIZE]
        + blob[HEAD_SIZE + 2 * SEALED_SIZE :]
    ),
    "a chunk left out": lambda blob: (
        blob[: HEAD_SIZE + SEALED_SIZE] + blob[HEAD_SIZE + 2 * SEALED_SIZE :]
    ),
    "a chunk twice": lambda blob: blob[: HEAD_SIZE + SEALED_SIZE] + blob[HEAD_SIZE:],
    "a bit in the middle": lambda blob: flipped(blob, HEAD_SIZE + SEALED_SIZE + 99),
    "a bit of the head": lambda blob: flipped(blob, 20),
    "plain text": lambda blob: CONTENT,
}


def flipped(blob: bytes, place: int) -> bytes:
    """Return bytes with one bit changed."""
    return blob[:place] + bytes((blob[place] ^ 4,)) + blob[place + 1 :]


@pytest.mark.parametrize("how", ALTERATIONS)
def test_an_altered_file_is_refused(storage: Any, folder: Path, how: str) -> None:
    """With the same typed error, however it was altered; it names the file alone."""
    name = storage.save("scans/a.bin", ContentFile(CONTENT))
    path = folder / name
    path.write_bytes(ALTERATIONS[how](path.read_bytes()))
    with pytest.raises(FileAltered, match=r"scans/a\.bin"):
        read(storage, name)


@pytest.mark.parametrize("how", ["cut at a chunk", "a chunk left out", "a chunk twice"])
def test_a_cut_file_is_refused_before_its_first_byte(
    storage: Any, folder: Path, how: str
) -> None:
    """Nobody is sent the beginning of what was cut, nor told a false length."""
    name = storage.save("a.bin", ContentFile(CONTENT))
    path = folder / name
    path.write_bytes(ALTERATIONS[how](path.read_bytes()))
    for ask in (storage.open, storage.size):
        with pytest.raises(FileAltered):
            ask(name)


def test_parts_of_two_files_are_not_mixed(storage: Any, folder: Path) -> None:
    """Neither chunks nor heads, of two files of one field."""
    paths = [folder / storage.save(n, ContentFile(CONTENT)) for n in ("a", "b")]
    one, two = (path.read_bytes() for path in paths)
    middle = slice(HEAD_SIZE + SEALED_SIZE, HEAD_SIZE + 2 * SEALED_SIZE)
    paths[0].write_bytes(one[: middle.start] + two[middle] + one[middle.stop :])
    with pytest.raises(FileAltered):
        read(storage, "a")
    paths[0].write_bytes(two[:HEAD_SIZE] + one[HEAD_SIZE:])
    with pytest.raises(FileAltered):
        read(storage, "a")


def test_a_file_put_in_the_place_of_another_does_not_open(
    storage: Any, folder: Path
) -> None:
    """Neither under another name nor of another field."""
    for name in ("a", "b"):
        storage.save(name, ContentFile(name.encode()))
    (folder / "a").write_bytes((folder / "b").read_bytes())
    with pytest.raises(FileAltered):
        read(storage, "a")
    elsewhere = EncryptedStorage("permits.permit.photo", FileSystemStorage(folder))
    with pytest.raises(FileAltered):
        read(elsewhere, "b")
    assert read(storage, "b") == b"b"


def test_a_file_of_another_installation_does_not_open(
    storage: Any, other_ring: Any
) -> None:
    """Its keys have the same names, as those of a copied database do."""
    name = storage.save("a", ContentFile(b"abc"))
    other_ring(*keyring.known_ring("other"))
    with pytest.raises(FileAltered):
        read(storage, name)


def test_without_the_mark_of_the_last_chunk_a_cut_is_not_seen(
    storage: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is that mark that finds a file cut between two chunks."""
    monkeypatch.setattr(
        "jtsec.crypto.chunks.ChunkCipher._aad", lambda self, number, last: b""
    )
    path = folder / storage.save("a", ContentFile(CONTENT))
    path.write_bytes(path.read_bytes()[: HEAD_SIZE + SEALED_SIZE])
    assert read(storage, "a") == CONTENT[:CHUNK_SIZE]


def test_without_the_name_two_files_could_be_exchanged(
    storage: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The context alone is that of all files of the field."""
    monkeypatch.setattr(EncryptedStorage, "place_of", lambda self, name: b"same")
    for name in ("a", "b"):
        storage.save(name, ContentFile(name.encode()))
    (folder / "a").write_bytes((folder / "b").read_bytes())
    assert read(storage, "a") == b"b"


def test_an_unknown_key_is_not_taken_for_an_alteration(
    storage: Any, other_ring: Any
) -> None:
    """The file may be whole; with the key it is read again. Another key is not it."""
    storage.save("a", ContentFile(b"abc"))
    other_ring(*(key for key in keyring.known_ring() if key.id != "field-1"))
    with pytest.raises(FileUnreadable, match="field-1"):
        read(storage, "a")


def test_a_file_under_a_retired_key_is_read(storage: Any, other_ring: Any) -> None:
    """After a rotation old files open, and new ones are under the new key."""
    storage.save("old", ContentFile(b"old"))
    purpose = keys.Purpose.FIELD
    ring = [key for key in keyring.known_ring() if key.purpose is not purpose]
    old = keyring.known_key(purpose, state=keys.State.RETIRED)
    other_ring(*ring, old, keyring.known_key(purpose, 2))
    name = storage.save("new", ContentFile(b"new"))
    assert read(storage, "old") == b"old"
    assert read(storage, name) == b"new"
    with storage.backing.open("new") as file:
        assert b"field-2" in file.read(HEAD_SIZE)


def test_a_taken_name_gets_another_and_both_open(
    storage: EncryptedStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it was taken between the look and the writing."""
    storage.save("a.bin", ContentFile(b"one"))
    second = storage.save("a.bin", ContentFile(b"two"))
    assert second != "a.bin"
    available = EncryptedStorage.get_available_name
    answers = iter(["a.bin"])
    monkeypatch.setattr(
        EncryptedStorage,
        "get_available_name",
        lambda self, name, max_length=None: (
            next(answers, None) or available(self, name, max_length)
        ),
    )
    third = storage.save("a.bin", ContentFile(b"three"))
    assert [read(storage, name) for name in ("a.bin", second, third)] == [
        b"one",
        b"two",
        b"three",
    ]
    assert len(storage.listdir("")[1]) == 3


def test_an_upload_on_disk_is_not_moved_in_clear(storage: Any, folder: Path) -> None:
    """Django's storage would move the temporary file to its place."""
    with TemporaryUploadedFile("a.txt", "text/plain", 6, "utf-8") as upload:
        upload.write(b"secret")
        upload.flush()
        name = storage.save("a.txt", upload)
    assert b"secret" not in (folder / name).read_bytes()
    assert read(storage, name) == b"secret"


def test_a_writing_that_broke_off_leaves_nothing_that_opens(
    storage: Any, folder: Path
) -> None:
    """The end is missing, and with it the mark of the last chunk."""

    class Breaks(ContentFile):  # type: ignore[type-arg]  # no parameter at run time
        def chunks(self, chunk_size: int | None = None) -> Any:
            yield CONTENT
            raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        storage.save("a.bin", Breaks(b""))
    assert (folder / "a.bin").stat().st_size > CHUNK_SIZE
    with pytest.raises(FileAltered):
        read(storage, "a.bin")


def test_it_stands_in_the_settings_over_any_storage(
    settings: Any, tmp_path: Path
) -> None:
    """As a backend of STORAGES, over a folder or whatever reads its content at once."""
    settings.STORAGES = {
        **settings.STORAGES,
        "papers": {
            "BACKEND": "jtsec.fields.EncryptedStorage",
            "OPTIONS": {
                "context": "papers",
                "storage": {
                    "BACKEND": "django.core.files.storage.FileSystemStorage",
                    "OPTIONS": {"location": tmp_path, "base_url": "/papers/"},
                },
            },
        },
    }
    papers: Any = storages["papers"]
    name = papers.save("a b.txt", ContentFile(b"abc"))
    assert papers.url(name) == "/papers/a%20b.txt"
    assert papers.exists(name)
    for ask in ("get_accessed_time", "get_created_time", "get_modified_time"):
        assert getattr(papers, ask)(name) == getattr(papers.backing, ask)(name)
    # Whoever opened a path would have ciphertext: there is none, as Django says it.
    assert EncryptedStorage.path is Storage.path
    papers.delete(name)
    assert not papers.exists(name)
    memory = EncryptedStorage("x", InMemoryStorage())
    assert read(memory, memory.save("a", File(io.BytesIO(CONTENT)))) == CONTENT
    with pytest.raises(ConfigurationError, match="context"):
        EncryptedStorage("")
