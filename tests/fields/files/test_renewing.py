"""Files come under a new key while they are read, and none is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from django.core.files.base import ContentFile

from jtsec.crypto.chunks import CHUNK_SIZE, HEAD_SIZE
from jtsec.fields.exceptions import FileAltered, FileUnreadable
from jtsec.fields.files.renewing import files_by_key, renew_files
from jtsec.keys.api import Purpose, State
from tests import keyring
from tests.plainapp import models

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3")]
Scan: Any = models.Scan
CONTENT = b"0123456789" * (CHUNK_SIZE // 5)
OTHERS = [key for key in keyring.known_ring() if key.purpose is not Purpose.FIELD]
OLD = keyring.known_key(Purpose.FIELD, state=State.RETIRED)
NEW = keyring.known_key(Purpose.FIELD, 2)


@pytest.fixture
def scans(settings: Any, tmp_path: Path, other_ring: Any) -> Path:
    """Return the folder of three files under an old key, one of them of two rows."""
    settings.MEDIA_ROOT = str(tmp_path)
    for number in range(3):
        Scan.objects.create(front=ContentFile(CONTENT, f"{number}.txt"))
    Scan.objects.create(front="scans/0.txt")
    other_ring(*OTHERS, OLD, NEW)
    return tmp_path / "scans"


def content(number: int) -> bytes:
    """Return what is read of a file."""
    row = Scan.objects.filter(front=f"scans/{number}.txt")[0]
    with row.front.open() as file:
        read: bytes = file.read()
    return read


def test_only_heads_change_and_the_old_key_can_go(scans: Path, other_ring: Any) -> None:
    """A second run finds nothing to do."""
    before = (scans / "0.txt").read_bytes()
    assert files_by_key(Scan, "front") == {"field-1": 3}
    assert list(renew_files(Scan, "front")) == [f"scans/{one}.txt" for one in range(3)]
    assert files_by_key(Scan, "front") == {"field-2": 3}
    assert list(renew_files(Scan, "front")) == []
    after = (scans / "0.txt").read_bytes()
    assert after[HEAD_SIZE:] == before[HEAD_SIZE:]
    other_ring(*OTHERS, NEW)
    assert [content(number) for number in range(3)] == [CONTENT] * 3


def test_who_reads_meanwhile_reads_to_the_end(scans: Path) -> None:
    """The file that is open stays the one that it was."""
    with Scan.objects.earliest("pk").front.open() as file:
        begin = file.read(10)
        assert len(list(renew_files(Scan, "front"))) == 3
        assert begin + file.read() == CONTENT


def test_a_run_that_was_stopped_goes_on(scans: Path) -> None:
    """Between two files, or before one takes its place."""
    assert next(renew_files(Scan, "front")) == "scans/0.txt"
    assert files_by_key(Scan, "front") == {"field-1": 2, "field-2": 1}
    assert len(list(renew_files(Scan, "front"))) == 2


def test_stopped_before_the_replacing_the_file_is_as_it_was(
    scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written beside it is ciphertext, and is written over."""

    def stop(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        list(renew_files(Scan, "front"))
    monkeypatch.undo()
    assert files_by_key(Scan, "front") == {"field-1": 3}
    assert len(list(renew_files(Scan, "front"))) == 3
    assert len(list(scans.iterdir())) == 3


def test_a_file_deleted_meanwhile_does_not_come_back(
    scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever deleted it was told that it is gone."""
    monkeypatch.setattr(
        "jtsec.fields.files.renewing.shutil.copyfileobj",
        lambda old, new: Path(old.name).unlink(),
    )
    list(renew_files(Scan, "front"))
    assert list(scans.iterdir()) == []


def test_what_does_not_open_is_not_renewed(scans: Path, other_ring: Any) -> None:
    """Neither an altered head, nor one whose key is gone; both stay as they are."""
    path = scans / "1.txt"
    blob = path.read_bytes()
    altered = blob[:40] + bytes((blob[40] ^ 1,)) + blob[41:]
    path.write_bytes(altered)
    with pytest.raises(FileAltered, match=r"1\.txt"):
        list(renew_files(Scan, "front"))
    assert path.read_bytes() == altered
    path.write_bytes(blob)
    other_ring(*OTHERS, NEW)
    with pytest.raises(FileUnreadable):
        list(renew_files(Scan, "front"))
    assert path.read_bytes() == blob
    path.write_bytes(b"plain")
    with pytest.raises(FileAltered):
        files_by_key(Scan, "front")
