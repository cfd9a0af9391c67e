"""What surrounds a log: anchors that go, keys that change, copies put back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from django.db import connection

from jtsec.audit.canonical import canonical
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import anchor_of, seal_now
from jtsec.audit.sealing.models import AuditAnchor, AuditCheckpoint, AuditSealer
from jtsec.audit.verifying import processes
from jtsec.audit.verifying.api import (
    CannotVerify,
    Exit,
    Kind,
    first_public_key,
    prove,
    record_report,
    verify,
)
from jtsec.core.clock import now
from jtsec.core.exceptions import VerifiedFalse
from jtsec.crypto import sm2
from jtsec.keys import api as keys
from jtsec.keys.format import dump_ring
from jtsec.keys.key import Purpose, State
from tests import databases, keyring
from tests.audit.sealing.log import grant
from tests.audit.verifying import attacks
from tests.audit.verifying.conftest import Log
from tests.audit.verifying.test_attacks import found

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


def later(monkeypatch: pytest.MonkeyPatch, **parts: float) -> None:
    """Set the clock of the verification on."""
    moment = now() + timedelta(**parts)
    for module in ("tail", "anchoring"):
        monkeypatch.setattr(f"jtsec.audit.verifying.{module}.now", lambda: moment)


def newest() -> int:
    """Return the number of the newest checkpoint."""
    return AuditCheckpoint.objects.order_by("-number")[0].number


def use_ring(settings: Any, path: Path, ring: list[Any]) -> None:
    """Put another key ring in force."""
    path.write_bytes(dump_ring(ring, keyring.CREATED))
    path.chmod(0o400)
    settings.JTSEC_KEYS_FILE = str(path)
    keys.reload()


@pytest.fixture
def key_folder(tmp_path: Path):
    """Return a folder that is private enough for keys; the ring is put back."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    yield folder
    keys.reload()


def test_a_removed_anchor_is_named_and_nothing_is_claimed(log: Log) -> None:
    """Cannot verify is not verified false."""
    log.anchor.unlink()
    report = verify()
    assert found(report) == [("anchor-unreadable", None, None)]
    assert report.findings[0].anchor == f"file:{log.anchor}"
    assert report.exit_code is Exit.UNKNOWN


def test_a_cut_anchor_is_named_with_the_checkpoint_it_lacks(log: Log) -> None:
    """Who wants to cut the log cuts its witness first."""
    lines = log.anchor.read_text().splitlines(keepends=True)
    log.anchor.write_text("".join(lines[:1]))
    report = verify()
    assert found(report) == [("anchor-behind", 2, None)]
    assert report.exit_code is Exit.UNKNOWN
    log.anchor.write_text("")
    assert found(verify()) == [("anchor-behind", 1, None)]


def test_an_anchor_that_nothing_reaches_is_named_after_a_while(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint may be on its way for a minute."""
    lines = log.anchor.read_text().splitlines(keepends=True)
    log.anchor.write_text("".join(lines[:2]))
    AuditAnchor.objects.update(number=2)
    assert found(verify()) == []
    later(monkeypatch, seconds=90)
    assert found(verify()) == [("anchor-behind", 3, None)]


def test_a_line_taken_out_of_the_middle_of_an_anchor_is_named(log: Log) -> None:
    """An anchor is appended to; it has no holes."""
    lines = log.anchor.read_text().splitlines(keepends=True)
    log.anchor.write_text(lines[0] + lines[2])
    report = verify()
    assert found(report) == [("anchor-altered", 2, None)]
    assert report.exit_code is Exit.FALSE


def test_a_line_that_nobody_signed_is_named_as_the_anchors(log: Log) -> None:
    """Somebody who writes to the anchor cannot make the log look cut."""
    line = json.loads(log.anchor.read_text().splitlines()[2])
    body = canonical(json.loads(b64decode(line["body"])) | {"number": 9})
    line["body"] = b64encode(body).decode()
    with log.anchor.open("a") as file:
        file.write(json.dumps(line) + "\n")
    assert found(verify()) == [("anchor-altered", 9, None)]


def test_another_anchor_file_can_be_brought(log: Log, tmp_path: Path) -> None:
    """A copy from another machine, whatever the settings say."""
    copy = tmp_path / "copy.log"
    shutil.copy(log.anchor, copy)
    attacks.delete(*log.of(3))
    attacks.delete_checkpoints(3)
    log.anchor.unlink()
    report = verify(anchors=[anchor_of(f"file:{copy}")])
    assert found(report) == [("cut-tail", 3, log.of(3)[0])]


def test_an_old_copy_of_the_database_is_named(log: Log, tmp_path: Path) -> None:
    """The whole database as it was: nothing in it knows of what is gone."""
    copy = Copy(tmp_path)
    copy.take()
    grant(3)
    seal_now()
    copy.put_back()
    assert newest() == 3
    assert found(verify(anchors=False)) == []
    report = verify()
    assert [(one.kind, one.checkpoint) for one in report.findings] == [
        (Kind.REPLAYED, 4)
    ]
    assert report.exit_code is Exit.FALSE


def test_an_old_copy_that_went_on_is_named_where_it_parts(
    log: Log, tmp_path: Path
) -> None:
    """Sealing goes on under numbers that the anchor has already."""
    copy = Copy(tmp_path)
    copy.take()
    grant(3)
    seal_now()
    copy.put_back()
    grant(2)
    seal_now()
    assert found(verify(anchors=False)) == []
    report = verify()
    assert (Kind.ANCHOR_MISMATCH, 4) in [
        (one.kind, one.checkpoint) for one in report.findings
    ]


def test_a_public_key_alone_is_enough(log: Log, settings: Any) -> None:
    """No key ring at all: the seals are held, and a changed row is found."""
    pem = first_public_key()
    settings.JTSEC_KEYS_FILE = "/nowhere/jtsec.keys"
    keys.reload()
    try:
        with pytest.raises(CannotVerify):
            verify()
        assert found(verify(public_key=pem)) == []
        attacks.change(log.ids[5], "mac", bytes(32))
        report = verify(public_key=pem)
        assert found(report) == [("altered", 2, None)]
        attacks.change(log.ids[9], "resource", "x")
        assert ("column-altered", 3, log.ids[9]) in found(verify(public_key=pem))
    finally:
        keys.reload()


def test_another_public_key_believes_nothing(log: Log) -> None:
    """A log that the key at hand has not signed is not this key's log."""
    report = verify(public_key=sm2.generate().public.to_pem())
    assert found(report) == [("signature-wrong", 1, None)]


def test_something_that_is_no_key_verifies_nothing(log: Log) -> None:
    """Nothing is known, and that is said."""
    with pytest.raises(CannotVerify):
        verify(public_key="no key")


def test_a_missing_mac_key_is_no_evidence(
    log: Log, settings: Any, key_folder: Path
) -> None:
    """The seals hold; what the check values say is unknown."""
    others = [one for one in keyring.known_ring() if one.purpose != Purpose.AUDIT_MAC]
    ring = [*others, keyring.known_key(Purpose.AUDIT_MAC, 2)]
    use_ring(settings, key_folder / "jtsec.keys", ring)
    report = verify()
    assert [kind for kind, _c, _r in found(report)] == ["key-missing"] * 3
    assert report.exit_code is Exit.UNKNOWN
    assert found(verify(deep=False)) == []


def test_a_change_of_the_signing_key_is_followed(
    log: Log, settings: Any, key_folder: Path
) -> None:
    """The old key announces the new one; whoever has the first key follows."""
    first = first_public_key()
    rest = [k for k in keyring.known_ring() if k.purpose != Purpose.AUDIT_SIGNATURE]
    old = keyring.known_key(Purpose.AUDIT_SIGNATURE, 1, State.RETIRED)
    new = keyring.known_key(Purpose.AUDIT_SIGNATURE, 2)
    use_ring(settings, key_folder / "jtsec.keys", [*rest, old, new])
    for _ in range(2):
        grant(2)
        seal_now()
    assert {one.key_id for one in AuditCheckpoint.objects.all()} == {old.id, new.id}
    second = keys.signing_key_of(new.id).public.to_pem()
    for report in (verify(), verify(public_key=first), verify(public_key=second)):
        assert found(report) == []
    # What the old key signs after it was replaced is signed by nobody.
    attacks.rewrite(AuditRecord.objects.order_by("-id")[0].pk, resource="x")
    attacks.reseal(keys.signing_key_of(old.id), first=newest())
    assert ("signature-wrong", newest(), None) in found(verify(anchors=False))


def test_rows_that_wait_are_counted_and_not_accused(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only when sealing has stood still for long they are named."""
    ids = grant(3)
    report = verify()
    assert (found(report), report.unsealed) == ([], 3)
    later(monkeypatch, seconds=700)
    report = verify(anchors=False)
    assert found(report) == [("unsealed-too-old", 3, ids[0])]
    assert report.exit_code is Exit.UNKNOWN


def test_a_log_without_checkpoints_is_not_called_whole_for_long(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Emptying the table of checkpoints makes every row one that waits."""
    grant(2)
    assert verify().exit_code is Exit.WHOLE
    later(monkeypatch, seconds=700)
    assert verify().exit_code is Exit.UNKNOWN


def test_a_part_is_verified_by_date_and_by_records(log: Log) -> None:
    """What lies outside of the part is not looked at."""
    third = AuditCheckpoint.objects.get(number=3)
    attacks.change(log.ids[0], "resource", "x")
    attacks.change(log.ids[0], "mac", bytes(32))
    report = verify(since=third.at)
    assert (found(report), report.first, report.last) == ([], 3, 3)
    report = verify(first=log.ids[5], last=log.ids[6])
    assert (found(report), report.rows) == ([], 4)
    assert found(verify(first=log.ids[0], last=log.ids[1])) == [
        ("altered", 1, log.ids[0])
    ]


def test_an_altered_column_hides_nothing_from_a_part(log: Log) -> None:
    """The date that is signed decides what belongs to it."""
    begin = AuditCheckpoint.objects.get(number=2).at
    attacks.change(log.of(2)[0], "mac", bytes(32))
    attacks.sql(
        f"UPDATE {attacks.CHECKPOINTS} SET at = %s WHERE number = 2",
        begin - timedelta(days=9),
    )
    report = verify(since=begin)
    assert ("altered", 2, log.of(2)[0]) in found(report)


def test_several_processes_find_the_same(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts are walked apart, and their seams are held."""
    monkeypatch.setattr(processes, "ROWS", 4)
    assert processes.bounds("default", 1, 3) == [(1, 1), (2, 2), (3, 3)]
    report = verify(processes=2)
    assert (found(report), report.rows, report.checkpoints) == ([], 12, 3)
    attacks.change(log.ids[5], "mac", bytes(32))
    attacks.delete(log.ids[10])
    attacks.delete_checkpoints(1)
    alone = verify()
    assert found(verify(processes=2)) == found(alone)
    assert {kind for kind, _c, _r in found(alone)} == {
        *("altered", "missing", "checkpoint-missing")
    }


def test_what_was_found_is_recorded_as_an_alarm(log: Log) -> None:
    """One event, naming the first places; a whole log is recorded too."""
    record_report(verify())
    assert AuditRecord.objects.order_by("-id")[0].code == "audit:log:whole"
    seal_now()
    attacks.change(log.ids[5], "mac", bytes(32))
    record_report(verify())
    row = AuditRecord.objects.order_by("-id")[0]
    assert (row.code, row.severity) == ("audit:log:false", 40)
    assert f"altered  c2 r{log.ids[5]}" in bytes(row.payload).decode()


def test_a_lost_sealers_row_is_no_attack(log: Log) -> None:
    """Its state proves nothing, and is made anew."""
    AuditSealer.objects.all().delete()
    assert found(verify()) == []


class Copy:
    """
    A copy of the whole database: SQLite's file, or the tables of the log.

    Args:
        folder: where to keep it.
    """

    TABLES = (
        attacks.RECORDS,
        attacks.CHECKPOINTS,
        "jtsec_auditsealer",
        "jtsec_auditanchor",
    )

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sequence = 0

    def take(self) -> None:
        """Copy."""
        if connection.vendor == "sqlite":
            connection.close()
            shutil.copy(connection.settings_dict["NAME"], self.folder / "old.sqlite3")
            return
        for name in self.TABLES:
            attacks.sql(f"CREATE TABLE old_{name} AS SELECT * FROM {name}")
        if connection.vendor == "postgresql":
            ((self.sequence,),) = attacks.sql(
                f"SELECT last_value FROM {attacks.RECORDS}_id_seq"
            )

    def put_back(self) -> None:
        """Put it back, sequences too."""
        if connection.vendor == "sqlite":
            connection.close()
            shutil.copy(self.folder / "old.sqlite3", connection.settings_dict["NAME"])
            return
        for name in self.TABLES:
            attacks.sql(f"DELETE FROM {name}")
            attacks.sql(f"INSERT INTO {name} SELECT * FROM old_{name}")
            attacks.sql(f"DROP TABLE old_{name}")
        if connection.vendor == "postgresql":
            attacks.sql(f"SELECT setval('{attacks.RECORDS}_id_seq', %s)", self.sequence)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an auditor does, in a process of its own."""
    environment = databases.environment(connection.settings_dict)
    return subprocess.run(
        [sys.executable, "-m", "django", "jtsec_audit_verify", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            **environment,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
    )


@pytest.mark.slow
def test_the_command_ends_with_its_exit_codes(log: Log, tmp_path: Path) -> None:
    """Whole, false, cannot say; as text and as JSON; the key can be printed."""
    pem = tmp_path / "key.pem"
    done = run("--print-public-key")
    pem.write_text(done.stdout)
    assert done.stdout.startswith("-----BEGIN PUBLIC KEY-----")
    anchor = ("--anchor", str(log.anchor))
    done = run("--public-key", str(pem), "--json", *anchor)
    assert done.returncode == Exit.WHOLE, done.stderr
    assert json.loads(done.stdout)["verdict"] == "whole"
    assert json.loads(done.stdout)["rows"] == 12
    done = run("--public-key", str(tmp_path / "none.pem"))
    assert done.returncode == Exit.UNKNOWN
    assert "Traceback" not in done.stderr
    attacks.delete(log.ids[7])
    done = run("--fast", *anchor)
    assert done.returncode == Exit.FALSE
    assert "missing" in done.stdout and str(log.ids[7]) in done.stdout
    assert run("--since", "yesterday").returncode == Exit.FAILED


def test_nonsense_in_any_checkpoint_is_a_finding_and_no_failure(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where two parts meet, and where a late row or a proof is looked up."""
    for rows in (4, 1000):
        monkeypatch.setattr(processes, "ROWS", rows)
        for number in (1, 2, 3):
            stored = AuditCheckpoint.objects.get(number=number)
            statement = f"UPDATE {attacks.CHECKPOINTS} SET body = %s WHERE number = %s"
            attacks.sql(statement, b"nonsense", number)
            report = verify()
            assert ("checkpoint-altered", number) in [
                (kind, at) for kind, at, _record in found(report)
            ]
            with pytest.raises(VerifiedFalse):
                prove(log.of(number)[0])
            attacks.sql(statement, bytes(stored.body), number)
    assert found(verify()) == []


def test_a_checkpoint_under_a_number_below_the_first_is_named(log: Log) -> None:
    """It would be taken for the beginning of the log."""
    if connection.vendor != "postgresql":
        pytest.skip("the number's column takes none below 0")
    stored = AuditCheckpoint.objects.get(number=1)
    attacks.sql(
        f"ALTER TABLE {attacks.CHECKPOINTS} "
        "DROP CONSTRAINT jtsec_auditcheckpoint_number_check"
    )
    stored.number = -1
    AuditCheckpoint.objects.bulk_create([stored])
    try:
        assert found(verify()) == [("checkpoint-altered", -1, None)]
    finally:
        attacks.delete_checkpoints(-1)
        attacks.sql(
            f"ALTER TABLE {attacks.CHECKPOINTS} ADD CONSTRAINT "
            "jtsec_auditcheckpoint_number_check CHECK (number >= 0)"
        )
