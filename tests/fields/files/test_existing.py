"""Files that lay there in clear are sealed in their place, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from django.core.files.storage import InMemoryStorage

from jtsec.core.exceptions import ConfigurationError
from jtsec.crypto.chunks import CHUNK_SIZE
from jtsec.fields.exceptions import FileAltered
from jtsec.fields.files.existing import encrypt_files
from tests.plainapp import models

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3")]
Scan: Any = models.Scan
CONTENT = b"0123456789" * (CHUNK_SIZE // 5)


@pytest.fixture
def scans(settings: Any, tmp_path: Path) -> Path:
    """Return the folder of five files in clear, two of which are of one row."""
    settings.MEDIA_ROOT = str(tmp_path)
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_bytes(CONTENT + bytes((number,)))
    for number in range(4):
        Scan.objects.create(front=f"scans/{number}.txt")
    Scan.objects.create(front="scans/0.txt", back="scans/4.txt")
    return folder


def test_they_are_sealed_and_read_as_before(scans: Path) -> None:
    """Under the same names; those of another field are left alone."""
    with pytest.raises(FileAltered):
        Scan.objects.earliest("pk").front.open()
    assert encrypt_files(Scan, "front") == 4
    for number, row in enumerate(Scan.objects.order_by("pk")[:4]):
        with row.front.open() as file:
            assert file.read() == CONTENT + bytes((number,))
    assert sorted(path.name for path in scans.iterdir()) == [
        f"{number}.txt" for number in range(5)
    ]
    assert (scans / "4.txt").read_bytes().startswith(CONTENT)
    assert encrypt_files(Scan, "front") == 0


def test_a_run_that_was_stopped_goes_on(
    scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it stopped, each file is whole: in clear, or sealed."""
    replace = Path.replace
    done: list[Path] = []

    def stop_at_the_third(self: Path, target: Path) -> Path:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(self)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        encrypt_files(Scan, "front")
    monkeypatch.undo()
    plain = [path for path in scans.glob("*.txt") if path.read_bytes()[:9] in CONTENT]
    assert len(plain) == 3
    assert encrypt_files(Scan, "front") == 2
    assert not list(scans.glob("*.sealing"))


def test_what_is_neither_plain_nor_sealed_stops_it(scans: Path) -> None:
    """An altered file is not sealed over; a field of values is none of files."""
    encrypt_files(Scan, "front")
    altered = (scans / "2.txt").read_bytes()[:-1]
    (scans / "2.txt").write_bytes(altered)
    with pytest.raises(FileAltered):
        encrypt_files(Scan, "front")
    assert (scans / "2.txt").read_bytes() == altered
    with pytest.raises(TypeError):
        encrypt_files(models.Driver, "phone")


def test_only_files_in_a_folder_are_replaced(
    scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere there is no replacing in one step."""
    storage = Scan._meta.get_field("front").storage
    monkeypatch.setattr(storage, "_given", InMemoryStorage())
    with pytest.raises(ConfigurationError):
        encrypt_files(Scan, "front")
