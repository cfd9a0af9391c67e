"""Uploaded files are given to who may see the row they belong to, and to no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from django.core.files.base import ContentFile
from django.db import models
from django.test import Client, RequestFactory

from jtsec.access import guarded_files
from jtsec.access.file_delivery import Outside, deliver, is_plain
from jtsec.access.guarded_files import guard_file, media_urls, serve_file
from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import ConfigurationError
from tests.access.file_site import body, browser_of_the_city, guarded_folders
from tests.access.scoped_models import Binder, Folder, Paper
from tests.access.visits import CITY, DISTRICT, OTHER, RIGHT

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.1")]
CONTENT = b"0123456789" * 20_000


@pytest.fixture
def folders(file_site: None) -> dict[str, Folder]:
    """Give a folder with a file for each organisation."""
    return guarded_folders(CONTENT)


@pytest.fixture
def client(folders: dict[str, Folder]) -> Client:
    """Give the browser of somebody of the city, who is logged in."""
    return browser_of_the_city(folders)


def refusals() -> list[str]:
    """Return why files were refused, oldest first."""
    rows = AuditRecord.objects.filter(code__startswith="access:file:")
    rows = rows.exclude(code="access:file:served")
    return [row.reason for row in rows.order_by("pk")]


def test_a_file_of_a_visible_row_is_given(client: Client, folders: Any) -> None:
    """By its own address, and by that of the row; each is recorded."""
    for code in (CITY, DISTRICT):
        answer = client.get(folders[code].file.url)
        assert answer.status_code == 200
        assert body(answer) == CONTENT
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == f'inline; filename="{code}.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Length"] == str(len(CONTENT))
    assert body(client.get(f"/folders/{folders[CITY].pk}/file/")) == CONTENT
    served = AuditRecord.objects.filter(code="access:file:served").order_by("pk")
    assert [row.resource for row in served] == [
        f"plainapp.folder:{folders[code].pk}" for code in (CITY, DISTRICT, CITY)
    ]


def test_a_file_of_another_organisation_is_not_there(
    client: Client, folders: Any
) -> None:
    """Guessing its name, or the number of its row, says nothing and is recorded."""
    guessed = client.get(folders[OTHER].file.url)
    by_row = client.get(f"/folders/{folders[OTHER].pk}/file/")
    nowhere = client.get("/media/folders/nowhere.pdf")
    assert [one.status_code for one in (guessed, by_row, nowhere)] == [404] * 3
    assert guessed.content == nowhere.content
    assert refusals() == ["other-organisation", "other-organisation", "unowned"]


@pytest.mark.clause("A4.14")
def test_a_file_above_the_clearance_is_not_there(client: Client, folders: Any) -> None:
    """The label of the row is that of its file."""
    Folder.objects.filter(number=CITY).update(label=2)
    assert client.get(folders[CITY].file.url).status_code == 404
    assert refusals() == ["label"]


def test_without_the_decision_the_file_would_be_given(
    client: Client, folders: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the decision on the row that refuses."""
    from jtsec.access.decision import Decision

    def allow(user: Any, right: str, row: Any) -> Decision:
        return Decision(True, "granted", right)

    monkeypatch.setattr(guarded_files, "decide", allow)
    assert body(client.get(folders[OTHER].file.url)) == CONTENT


def test_nobody_gets_a_file_without_a_login(folders: Any) -> None:
    """A link that was sent on leads to the login page."""
    answer = Client().get(folders[CITY].file.url)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_a_file_that_belongs_to_no_row_is_given_to_nobody(
    client: Client, folders: Any, settings: Any
) -> None:
    """Left behind by a deleted row, or put there by hand."""
    Path(settings.MEDIA_ROOT, "left.pdf").write_bytes(b"secret")
    assert client.get("/media/left.pdf").status_code == 404
    assert refusals() == ["unowned"]


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "folders/../../secret.txt",
        "folders/%2e%2e/secret.txt",
        "/etc/passwd",
        "folders//x.pdf",
        "./x.pdf",
        "folders\\..\\secret.txt",
        "folders/x.pdf%00.png",
        "",
    ],
)
def test_names_that_climb_lead_nowhere(client: Client, name: str) -> None:
    """Before anything is looked for."""
    assert client.get(f"/media/{name}").status_code == 404
    assert refusals() == ["traversal"]


def test_a_row_altered_to_lead_outside_alarms(
    client: Client, folders: Any, settings: Any, tmp_path: Path
) -> None:
    """By a name that climbs, or by a link in the folder of uploads."""
    (tmp_path / "secret.txt").write_bytes(b"secret")
    mine = folders[CITY]
    link = Path(settings.MEDIA_ROOT, "link.pdf")
    link.symlink_to(tmp_path / "secret.txt")
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "link.pdf"):
        Folder.objects.filter(pk=mine.pk).update(file=name)
        assert client.get(f"/folders/{mine.pk}/file/").status_code == 404
    assert client.get("/media/link.pdf").status_code == 404
    alarms = AuditRecord.objects.filter(code="access:file:outside")
    assert {row.severity for row in alarms} == {40}
    assert alarms.count() == 4


def test_without_the_look_at_the_folder_a_link_would_lead_out(
    client: Client,
    folders: Any,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is the resolved place that is compared, and nothing else."""
    (tmp_path / "secret.txt").write_bytes(b"secret")
    Path(settings.MEDIA_ROOT, "link.pdf").symlink_to(tmp_path / "secret.txt")
    Folder.objects.filter(pk=folders[CITY].pk).update(file="link.pdf")
    monkeypatch.setattr(Path, "is_relative_to", lambda self, other: True)
    assert body(client.get("/media/link.pdf")) == b"secret"


def test_a_row_whose_file_is_gone_has_none(
    client: Client, folders: Any, settings: Any
) -> None:
    """Neither a folder nor nothing is a file."""
    mine = folders[CITY]
    for name in ("folders", "folders/gone.pdf", ""):
        Folder.objects.filter(pk=mine.pk).update(file=name)
        assert client.get(f"/folders/{mine.pk}/file/").status_code == 404
    assert refusals() == ["missing"] * 3


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("bytes=199990-", 206, 199_990, 199_999),
        ("bytes=-5", 206, 199_995, 199_999),
        ("bytes=-900000", 206, 0, 199_999),
        ("bytes=5-900000", 206, 5, 199_999),
        ("bytes=65530-65550", 206, 65_530, 65_550),
        ("bytes=0-1,5-6", 200, 0, 199_999),
        ("bytes=9-5", 200, 0, 199_999),
        ("bytes=-", 200, 0, 199_999),
        ("lines=1-2", 200, 0, 199_999),
        ("bytes=200000-", 416, 0, -1),
        ("bytes=-0", 416, 0, -1),
        (f"bytes={'9' * 5000}-", 200, 0, 199_999),
    ],
)
def test_a_part_of_a_file_may_be_asked_for(
    client: Client, folders: Any, asked: str, status: int, first: int, last: int
) -> None:
    """One range; several, and what is none, are answered with the whole."""
    answer = client.get(folders[CITY].file.url, headers={"Range": asked})
    assert answer.status_code == status
    assert body(answer) == CONTENT[first : last + 1]
    ranges = {200: None, 416: "bytes */200000"}
    told = ranges.get(status, f"bytes {first}-{last}/200000")
    assert answer.headers.get("Content-Range") == told


def test_a_range_of_an_older_file_is_answered_with_the_whole(
    client: Client, folders: Any
) -> None:
    """What the browser has seen may have been another file."""
    headers = {"Range": "bytes=0-9", "If-Range": '"x"'}
    answer = client.get(folders[CITY].file.url, headers=headers)
    assert answer.status_code == 200
    assert body(answer) == CONTENT
    head = client.head(folders[CITY].file.url)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(CONTENT))
    assert client.post(folders[CITY].file.url).status_code == 405


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.xml", "x", "图 1.exe", "x.js"])
def test_what_a_browser_would_run_is_saved(
    client: Client, folders: Any, name: str
) -> None:
    """An uploaded page would run in the name of this site."""
    mine = folders[CITY]
    mine.file.save(name, ContentFile(b"<script>alert(1)</script>"))
    answer = client.get(mine.file.url)
    assert body(answer) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_web_server_may_send_the_file(
    client: Client, folders: Any, settings: Any
) -> None:
    """Decided here, sent by it; a refusal hands nothing over."""
    settings.JTSEC_ACCESS_FILES_ACCEL = "/protected/"
    mine = folders[CITY]
    mine.file.save("图 1.pdf", ContentFile(b"x"))
    answer = client.get(mine.file.url)
    assert answer.content == b""
    name = "/protected/folders/%E5%9B%BE_1.pdf"
    assert answer["X-Accel-Redirect"] == name
    assert answer["Content-Type"] == "application/pdf"
    refused = client.get(folders[OTHER].file.url)
    assert refused.status_code == 404
    assert "X-Accel-Redirect" not in refused


@pytest.mark.parametrize("value", ["protected", "/a b/", "/../", "//x//", "/x"])
def test_an_unusable_address_of_the_web_server_stops(settings: Any, value: str) -> None:
    """A value that is none is not guessed at."""
    from jtsec.access.conf import access_settings

    settings.JTSEC_ACCESS_FILES_ACCEL = value
    with pytest.raises(ConfigurationError):
        access_settings()


def test_a_right_is_named_once_for_a_field_of_files(folders: Any) -> None:
    """What nobody named is not given, and what is none cannot be named."""
    guard_file(Folder, "file", right=RIGHT, inline=True)
    with pytest.raises(ValueError, match="otherwise"):
        guard_file(Folder, "file", right="plainapp.change_folder")
    with pytest.raises(ValueError, match="holds no files"):
        guard_file(Folder, "number", right=RIGHT)
    with pytest.raises(ValueError, match="has no field"):
        guard_file(Folder, "nothing", right=RIGHT)
    request = RequestFactory().get("/")
    with pytest.raises(LookupError):
        serve_file(request, Paper(), "file")


def test_a_child_s_file_is_guarded_like_its_parent_s(
    client: Client, folders: Any
) -> None:
    """It lies in the parent's table."""
    binder = Binder(
        number="binder", organisation=folders[CITY].organisation, label=1, colour="red"
    )
    binder.file.save("binder.pdf", ContentFile(b"x"))
    assert body(client.get(binder.file.url)) == b"x"
    binder.organisation = folders[OTHER].organisation
    binder.save()
    assert client.get(binder.file.url).status_code == 404


@pytest.mark.parametrize("address", ["/", "", "https://media.example.com/"])
def test_an_address_that_is_no_folder_is_refused(settings: Any, address: str) -> None:
    """It would catch every address of the site, or none."""
    settings.MEDIA_URL = address
    with pytest.raises(ConfigurationError):
        media_urls()


def test_other_storages_are_streamed(folders: Any) -> None:
    """Where a storage is no folder there is no place to compare."""

    class Elsewhere:
        """Holds one file, nobody knows where."""

        def open(self, name: str, mode: str) -> Any:
            return ContentFile(b"elsewhere")

    class Holder:
        name, size, storage = "x.pdf", 9, Elsewhere()

    request = RequestFactory().get("/")
    assert body(deliver(request, Holder())) == b"elsewhere"
    climbing: models.fields.files.FieldFile = folders[CITY].file
    climbing.name = "../x"
    with pytest.raises(Outside):
        deliver(request, climbing)
    assert is_plain("a/b.c")
