"""The spool: each sealed row is packed once, whatever happens in between."""

from __future__ import annotations

import json
import threading

import pytest

from django.db import connection

from jtsec.audit import immutability
from jtsec.audit.api import record
from jtsec.audit.export.api import RowsNotThere, spool
from jtsec.audit.export.models import AuditExportBatch, AuditExportCursor
from jtsec.audit.export.spool import batch_of
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import seal_now
from tests.audit.declared import PermitGranted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.11")]


def write(count):
    """Record events and seal them."""
    for number in range(count):
        record(PermitGranted(resource=f"permit:{number}", owner="张三"))
    seal_now()


def packed():
    """Return the numbers of all rows in the spool, one for each time."""
    return [
        row["numId"]
        for one in AuditExportBatch.objects.order_by("pk")
        for row in json.loads(batch_of(one).content)
    ]


def sealed():
    """Return the numbers of all rows that must be in the spool."""
    return [one.event_id.hex for one in AuditRecord.objects.order_by("id")]


def test_every_sealed_row_is_packed_once():
    """In three runs, the last of which has nothing to do."""
    write(120)
    assert spool() == 2
    write(30)
    assert spool() == 1
    assert spool() == 0
    assert packed() == sealed()


def test_what_is_not_sealed_waits():
    """Rows may still come below it; the checkpoint says when they cannot."""
    write(3)
    record(PermitGranted(resource="not sealed"))
    spool()
    assert len(packed()) == 3
    seal_now()
    spool()
    assert packed() == sealed()


def test_the_spool_holds_nothing_readable():
    """Names and ID numbers lie encrypted, each batch bound to its number."""
    write(1)
    spool()
    one = AuditExportBatch.objects.get()
    assert b"permit:0" not in bytes(one.content)
    assert b"permit:0" in batch_of(one).content
    one.send_id = "0" * 32
    from jtsec.crypto.exceptions import CryptoError

    with pytest.raises(CryptoError):
        batch_of(one)


def test_a_failure_before_the_commit_packs_nothing(monkeypatch):
    """Cursor and batches move together, or neither does."""
    write(5)

    def broken(rows):
        raise OSError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr("jtsec.audit.export.spool.record_all", broken)
        with pytest.raises(OSError, match="killed"):
            spool()
    assert AuditExportCursor.objects.get().checkpoint == 0
    assert not AuditExportBatch.objects.exists()
    spool()
    assert packed() == sealed()


@pytest.mark.concurrency
def test_two_that_pack_at_once_pack_each_row_once():
    """Only one of them can move the cursor."""
    for _ in range(4):
        write(50)
    failures: list[BaseException] = []
    begin = threading.Barrier(4)

    def work() -> None:
        try:
            begin.wait()
            spool()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spool()
    assert failures == []
    assert packed() == sealed()


def test_rows_that_left_for_an_archive_are_not_passed_over():
    """Nothing is lost without a word: the export stops and says what to restore."""
    write(5)
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM jtsec_auditrecord WHERE resource = 'permit:2'")
    with pytest.raises(RowsNotThere, match="seals 5 rows and 4"):
        spool()
    assert AuditExportCursor.objects.get().checkpoint == 0


def test_an_altered_row_is_left_out_with_an_alarm_and_the_rest_goes_on():
    """One bad row does not hold up the log."""
    write(5)
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jtsec_auditrecord SET reason = 'x' WHERE resource = 'permit:2'"
        )
    spool()
    assert len(packed()) == 4
    assert AuditRecord.objects.filter(code="audit:export:left-out").count() == 1
