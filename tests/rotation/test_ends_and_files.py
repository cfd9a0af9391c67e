"""A rotation takes along the indexes of ends, the records, and the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from django.core.files.base import ContentFile
from django.db import connection

from jtsec.fields.files.renewing import files_by_key, key_of
from jtsec.keys.api import Purpose
from jtsec.rotation import standing
from tests.fields.stored import column, put
from tests.plainapp import models

from .stored import rotated

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3", "A10.3")]
ENDS = ("phone_first3", "phone_first7", "phone_last4", "name_first1", "phone_index")
Witness: Any = models.Witness
Scan: Any = models.Scan


def test_every_end_is_under_the_new_key_and_is_found(as_ops: None) -> None:
    """Short texts and missing ones too; nothing is left under the old key."""
    for name, phone in (("张三", "13912345678"), ("李", "12"), ("", None)):
        Witness.objects.create(name=name, phone=phone)
    outcome = rotated(Purpose.FIELD, Purpose.INDEX)
    assert sorted(outcome.retired) == ["field-1", "index-1"]
    for row in Witness.objects.all():
        for name in ENDS:
            held = column(Witness, row.pk, name)
            assert held is None or held.startswith(b"\x01\x07index-2"), name
    assert Witness.objects.get(phone__startswith="139").name == "张三"
    assert Witness.objects.get(phone__endswith="5678").name == "张三"
    assert standing.values_left() == 0


def test_a_key_that_only_ends_are_under_is_not_retired(as_ops: None) -> None:
    """An end that a stopped run left is seen, and the next run takes it."""
    row = Witness.objects.create(name="张三", phone="13912345678")
    old = column(Witness, row.pk, "phone_last4")
    rotated(Purpose.INDEX)
    put(Witness, row.pk, "phone_last4", old)
    assert standing.count_uses()["index-1"] == 1
    assert standing.values_left() == 1


def test_records_are_renewed_as_values_are(as_ops: None) -> None:
    """And still open in their row alone."""
    informant: Any = models.Informant
    row = informant.objects.create(name="张三")
    rotated(Purpose.FIELD)
    assert informant.objects.get(pk=row.pk).name == "张三"
    assert standing.values_left() == 0


def test_files_are_renewed_and_the_old_key_is_retired(
    as_ops: None, settings: Any, tmp_path: Path
) -> None:
    """One that was altered is told, and keeps its key from being retired."""
    settings.MEDIA_ROOT = str(tmp_path)
    rows = [Scan.objects.create(front=ContentFile(b"abc", f"{n}")) for n in range(3)]
    Scan.objects.create(front="scans/gone")
    path = tmp_path / rows[1].front.name
    blob = path.read_bytes()
    path.write_bytes(blob[:40] + bytes((blob[40] ^ 1,)) + blob[41:])
    outcome = rotated(Purpose.FIELD)
    assert outcome.retired == []
    path.write_bytes(blob)
    assert standing.values_left() == 1
    rotated(Purpose.FIELD)
    Scan.objects.get(front="scans/gone").delete()
    (key_id,) = files_by_key(Scan, "front")
    assert key_id != "field-1"
    assert standing.values_left() == 0
    for row in rows:
        with Scan.objects.get(pk=row.pk).front.open() as file:
            assert file.read() == b"abc"


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "scans", "a\0b"])
def test_a_row_that_names_no_file_does_not_end_the_rotation(
    as_ops: None, settings: Any, tmp_path: Path, name: str
) -> None:
    """Whoever can write one file's name would keep all data under the old key."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    row = Scan.objects.create(front=ContentFile(b"abc", "0.txt"))
    driver = models.Driver.objects.create(name="d", phone="139")
    if "\0" in name and connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps no NUL")
    Scan.objects.filter(pk=Scan.objects.create().pk).update(front=name)
    outcome = rotated(Purpose.FIELD)
    assert (outcome.activated, outcome.left) == (["field-2"], 1)
    row.refresh_from_db()
    assert key_of(row.front.storage, row.front.name) == "field-2"
    stored = column(models.Driver, driver.pk, "phone")
    assert stored is not None
    assert stored[3:10] == b"field-2"
