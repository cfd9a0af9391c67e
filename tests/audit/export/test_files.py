"""Files of the police log: whole, or not there."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from django.db import connection
from django.utils import timezone

from jtsec.audit import immutability
from jtsec.audit.api import record
from jtsec.audit.export.api import ExportFailed, Kind, write_files
from jtsec.audit.models import AuditRecord
from tests.audit.declared import PermitGranted
from tests.audit.export.made import parsed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.11")]


def numbers(paths):
    """Return the number of every row in files of form v2."""
    return [
        row["numId"]
        for path in paths
        for row in json.loads(json.loads(path.read_bytes())["logContents"])
    ]


@pytest.fixture
def events():
    """Record 150 events and return their numbers in order."""
    for count in range(150):
        record(PermitGranted(resource=f"permit:{count}", owner="张三"))
    rows = AuditRecord.objects.order_by("at", "id")
    return [row.event_id.hex for row in rows]


def test_every_event_is_in_one_file(events, tmp_path):
    """Both forms; again, under the same names with the same content."""
    folder = tmp_path / "out"
    folder.mkdir()
    written = write_files(folder, form="v2", reason="monthly")
    assert numbers(written.files) == events
    assert (written.rows, len(written.files)) == (150, 2)
    again = write_files(folder, form="v2", kind=Kind.USER, until=timezone.now())
    assert again.files[0] == written.files[0]
    xml = write_files(folder, form="v1")
    logs = [log for path in xml.files for log in parsed(path.read_bytes()).iter("Log")]
    assert [log.findtext("Num_ID") for log in logs][:150] == events
    assert AuditRecord.objects.filter(code="audit:export:written").count() == 3
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_stretch_of_time_has_its_first_moment_and_not_its_last(events, tmp_path):
    """Two stretches that follow on each other hold each event once."""
    middle = AuditRecord.objects.order_by("at", "id")[70].at
    one = write_files(tmp_path, form="v2", until=middle)
    two = write_files(tmp_path, form="v2", since=middle, until=timezone.now())
    assert numbers(one.files) + numbers(two.files)[:80] == events
    later = write_files(tmp_path, form="v2", since=timezone.now() + timedelta(days=1))
    assert (later.rows, later.files) == (0, ())


def test_a_log_is_asked_for_alone(events, tmp_path, settings):
    """Interface calls and user operations apart."""
    settings.JTSEC_AUDIT_EXPORT_INTERFACE_CODES = ["tests:*"]
    written = write_files(tmp_path, form="v2", kind=Kind.INTERFACE)
    assert written.rows == 150
    settings.JTSEC_AUDIT_EXPORT_INTERFACE_CODES = []
    assert write_files(tmp_path, form="v2", kind=Kind.INTERFACE).rows == 0


def test_an_altered_row_is_left_out_and_named(events, tmp_path):
    """It is not handed over as if it were true, and somebody is told."""
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE jtsec_auditrecord SET reason = 'x' WHERE resource = %s",
                       ["permit:3"])  # fmt: skip
    altered = AuditRecord.objects.get(resource="permit:3")
    written = write_files(tmp_path, form="v2")
    assert written.left_out == (altered.pk,)
    assert altered.event_id.hex not in numbers(written.files)
    (alarm,) = AuditRecord.objects.filter(code="audit:export:left-out")
    assert alarm.resource == f"audit:{altered.pk}"


def test_a_folder_that_is_missing_is_made_for_its_owner(events, tmp_path):
    """As the guide has it; the log names people, and nobody else reads the files."""
    written = write_files(tmp_path / "given out", form="v2")
    assert written.files
    assert (tmp_path / "given out").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_takes_nothing_leaves_nothing_half(events, tmp_path):
    """Full or read-only: a clear error, and no file that looks whole."""
    folder = tmp_path / "full"
    folder.mkdir()
    with pytest.raises(ExportFailed):
        write_files(folder / "missing" / "deeper", form="v2")
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("the machine has no device that is full")
    opened = Path.open

    def open_full(self, mode="r", *args, **kwargs):
        if self.name.endswith(".part"):
            return opened(full, mode, *args, **kwargs)
        return opened(self, mode, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_full)
        with pytest.raises(ExportFailed, match="space"):
            write_files(folder, form="v2")
    assert list(folder.iterdir()) == []
    assert not AuditRecord.objects.filter(code="audit:export:written").exists()
    assert full.is_char_device()
