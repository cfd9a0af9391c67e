"""Encrypted files are given in clear to who may see their row, and never as stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from django.test import Client

from jtsec.audit.models import AuditRecord
from jtsec.crypto.chunks import CHUNK_SIZE, HEAD_SIZE, SEALED_SIZE
from jtsec.fields import EncryptedStorage
from jtsec.fields.exceptions import FileAltered
from tests.access.file_site import body, browser_of_the_city, guarded_folders
from tests.access.scoped_models import Folder
from tests.access.visits import CITY, OTHER

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3", "A4.1")]
CONTENT = b"0123456789" * (CHUNK_SIZE // 4)


@pytest.fixture
def folders(file_site: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Folder]:
    """Give a folder with an encrypted file for each organisation."""
    field = Folder._meta.get_field("file")
    monkeypatch.setattr(field, "storage", EncryptedStorage("folders", field.storage))
    return guarded_folders(CONTENT)


@pytest.fixture
def client(folders: dict[str, Folder]) -> Client:
    """Give the browser of somebody of the city, who is logged in."""
    return browser_of_the_city(folders)


def altered() -> Any:
    """Return the alarms of altered files."""
    return AuditRecord.objects.filter(code="access:file:altered")


def test_who_may_see_the_row_gets_the_content(client: Client, folders: Any) -> None:
    """Whole, in part, and its length alone; others get nothing."""
    mine = folders[CITY].file
    assert CONTENT[:100] not in Path(mine.storage.backing.path(mine.name)).read_bytes()
    answer = client.get(mine.url)
    assert body(answer) == CONTENT
    assert answer["Content-Length"] == str(len(CONTENT))
    assert answer["Content-Type"] == "application/pdf"
    begin = CHUNK_SIZE - 4
    part = client.get(mine.url, headers={"Range": f"bytes={begin}-{begin + 9}"})
    assert part.status_code == 206
    assert body(part) == CONTENT[begin : begin + 10]
    assert client.head(mine.url)["Content-Length"] == str(len(CONTENT))
    assert client.get(folders[OTHER].file.url).status_code == 404


def test_a_server_in_front_is_not_handed_the_ciphertext(
    client: Client, folders: Any, settings: Any
) -> None:
    """It could only send what lies there."""
    settings.JTSEC_ACCESS_FILES_ACCEL = "/protected/"
    answer = client.get(folders[CITY].file.url)
    assert "X-Accel-Redirect" not in answer
    assert body(answer) == CONTENT


def test_a_name_that_leads_out_of_the_folder_alarms_still(
    client: Client, folders: Any, settings: Any, tmp_path: Path
) -> None:
    """The encryption before a folder does not hide it."""
    (tmp_path / "secret.txt").write_bytes(b"secret")
    mine = folders[CITY]
    Path(settings.MEDIA_ROOT, "link.pdf").symlink_to(tmp_path / "secret.txt")
    for name in ("../secret.txt", "link.pdf"):
        Folder.objects.filter(pk=mine.pk).update(file=name)
        assert client.get(f"/folders/{mine.pk}/file/").status_code == 404
    assert AuditRecord.objects.filter(code="access:file:outside").count() == 2


def test_a_cut_file_is_not_there_and_alarms(client: Client, folders: Any) -> None:
    """Before the first byte; the alarm names the row and the file."""
    mine = folders[CITY]
    path = Path(mine.file.storage.backing.path(mine.file.name))
    path.write_bytes(path.read_bytes()[: HEAD_SIZE + SEALED_SIZE])
    assert client.get(mine.file.url).status_code == 404
    (alarm,) = altered()
    assert alarm.severity == 40
    assert alarm.resource == f"plainapp.folder:{mine.pk}"
    assert alarm.reason == mine.file.name


def test_an_altered_middle_ends_the_answer_and_alarms(
    client: Client, folders: Any
) -> None:
    """What was verified before it has gone; the altered part never does."""
    mine = folders[CITY]
    path = Path(mine.file.storage.backing.path(mine.file.name))
    blob = bytearray(path.read_bytes())
    blob[HEAD_SIZE + SEALED_SIZE + 9] ^= 1
    path.write_bytes(blob)
    sent = []
    answer: Any = client.get(mine.file.url)
    with pytest.raises(FileAltered):
        sent.extend(answer)
    assert b"".join(sent) == CONTENT[: len(b"".join(sent))]
    assert len(b"".join(sent)) <= CHUNK_SIZE
    assert altered().count() == 1
