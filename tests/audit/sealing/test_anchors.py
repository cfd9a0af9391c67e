"""Checkpoints leave the database; what is done to an anchor is found."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from django.db import DatabaseError, connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import override_settings

from jtsec.audit import immutability
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import (
    CannotRead,
    anchor_of,
    anchors,
    checkpoints_after,
    seal_now,
)
from jtsec.audit.sealing.models import (
    AuditAnchor,
    AuditAnchorLine,
    AuditSealer,
)
from jtsec.audit.sealing.protection import ANCHOR_LINES
from jtsec.audit.verifying.api import verify
from jtsec.core.exceptions import ConfigurationError
from tests import databases

from .log import grant, require_whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


def codes() -> list[str]:
    """Return the codes of what sealing recorded of itself."""
    rows = AuditRecord.objects.filter(code__startswith="audit:").order_by("id")
    return list(rows.values_list("code", flat=True))


def reasons() -> list[str]:
    """Return the reasons of the alarms about altered anchors."""
    rows = AuditRecord.objects.filter(code="audit:anchor:altered").order_by("id")
    return list(rows.values_list("reason", flat=True))


def require_anchored() -> None:
    """Every checkpoint of the database is in every anchor."""
    ours = {(one.number, bytes(one.hash)) for one in checkpoints_after(0)}
    for anchor in anchors():
        assert ours <= {(one.number, one.hash) for one in anchor.read()}


def seal(times: int = 1) -> None:
    """Record and seal, so many times."""
    for _again in range(times):
        grant(1)
        seal_now()


class TestFile:
    """Lines appended to a file."""

    def test_each_checkpoint_is_a_line_that_proves_itself(self, anchor_file):
        """Body and signature are in it, so that it needs no database."""
        seal(3)
        require_anchored()
        (anchor,) = anchors()
        held = list(anchor.read())
        assert [one.number for one in held] == [1, 2, 3]
        ours = list(checkpoints_after(0))
        assert [one.body for one in held] == [bytes(one.body) for one in ours]
        assert held[2].signature == bytes(ours[2].signature)
        assert stat.S_IMODE(anchor_file.stat().st_mode) == 0o640

    def test_an_anchor_that_comes_later_gets_all(self, tmp_path):
        """What was sealed before it was named is not lost to it."""
        seal(3)
        with override_settings(JTSEC_AUDIT_ANCHORS=[f"file:{tmp_path / 'late.log'}"]):
            seal_now()
            require_anchored()

    def test_a_removed_file_is_alarmed_and_written_anew(self, anchor_file):
        """All of it, and the alarm once."""
        seal(2)
        anchor_file.unlink()
        seal()
        assert reasons() == ["removed"]
        require_anchored()
        seal()
        assert codes()[-1] == "audit:anchor:resumed"
        assert reasons() == ["removed"]

    def test_a_truncated_file_is_alarmed_and_completed(self, anchor_file):
        """What was cut off stands behind what was left."""
        seal(3)
        lines = anchor_file.read_bytes().splitlines(keepends=True)
        anchor_file.write_bytes(lines[0])
        seal()
        assert reasons() == ["truncated"]
        require_anchored()

    def test_an_emptied_file_is_alarmed(self, anchor_file):
        """As a truncated one."""
        seal(2)
        anchor_file.write_bytes(b"")
        seal()
        assert reasons() == ["truncated"]
        require_anchored()

    def test_other_content_is_alarmed(self, anchor_file):
        """A last line that is another checkpoint's."""
        seal(2)
        text = anchor_file.read_text()
        first, second = text.splitlines(keepends=True)
        anchor_file.write_text(first + second + first + second.replace("A", "B"))
        seal()
        assert reasons() in (["other-content"], ["truncated"])
        require_anchored()

    def test_an_anchor_ahead_of_the_database_is_alarmed(self, anchor_file):
        """The database was set back, its end is gone with the checkpoints."""
        seal(3)
        anchored = AuditAnchor.objects.get()
        with immutability.lifted(connection), connection.cursor() as cursor:
            cursor.execute("DELETE FROM jtsec_auditcheckpoint WHERE number > 1")
            cursor.execute("DELETE FROM jtsec_auditrecord WHERE id > 1")
        AuditAnchor.objects.update(number=1, position=0)
        assert anchored.number == 3
        seal_now()
        assert reasons() == ["ahead"]

    def test_a_line_that_a_full_disk_cut_off_does_no_harm(self, anchor_file):
        """The next one begins on its own line, and the cut one is written again."""
        seal(2)
        whole = anchor_file.read_bytes()
        anchor_file.write_bytes(whole[:-40])
        AuditAnchor.objects.update(number=1, position=0)
        seal()
        require_anchored()
        assert reasons() == []

    @pytest.mark.parametrize(
        "line",
        [
            "[" * 100_000,
            '{"body":' * 60_000,
            json.dumps({"body": b64encode(b"[" * 100_000).decode(), "signature": ""}),
            json.dumps({"body": b64encode(b'{"number":%d}' % 2**63).decode()})[:-1]
            + ',"signature":""}',
        ],
        ids=["nested", "nested objects", "nested body", "too large a number"],
    )
    def test_a_line_made_to_break_the_reader_does_no_harm(self, anchor_file, line):
        """Who may append to the anchor stopped sealing and verifying with one line."""
        seal(2)
        with anchor_file.open("a") as file:
            file.write(f"{line}\n")
        assert [one.number for one in anchors()[0].read()] == [1, 2]
        seal()
        assert codes() == []
        require_anchored()
        assert verify().findings == ()

    def test_a_slower_process_that_ends_the_file_is_no_cut(self, anchor_file):
        """Two write at once; the one that comes last had seen fewer checkpoints."""
        seal(2)
        (anchor,) = anchors()
        anchor.write(list(checkpoints_after(0))[:1])
        seal(2)
        assert reasons() == []
        require_anchored()

    def test_a_folder_that_is_gone_stops_the_anchor_and_not_the_seal(self, anchor_file):
        """A medium that is away: one alarm; it catches up when it is back."""
        seal()
        away = anchor_file.parent.with_name("away")
        anchor_file.parent.rename(away)
        seal(3)
        assert codes().count("audit:anchor:failed") == 1
        away.rename(anchor_file.parent)
        seal()
        require_anchored()
        seal_now()
        require_whole()

    def test_without_force_to_the_disk_nothing_is_called_written(
        self, anchor_file, monkeypatch
    ):
        """A disk that fails at the last moment is an anchor that failed."""
        seal()

        def fail(handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("jtsec.audit.sealing.file_anchor.os.fsync", fail)
        seal()
        assert AuditAnchor.objects.get().number == 1
        monkeypatch.undo()


def test_a_full_disk_stops_the_anchor_and_not_the_seal():
    """`/dev/full` takes nothing: an alarm, and every record is sealed."""
    with override_settings(JTSEC_AUDIT_ANCHORS=["file:/dev/full"]):
        seal(2)
        assert codes() == ["audit:anchor:failed"]
        seal_now()
    require_whole()


LIMITED = """
import resource, sys
import django
django.setup()
from django.conf import settings
from jtsec.audit.sealing.api import seal_now
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
seal_now()
"""


def test_a_file_that_may_not_grow_is_caught_up_later(anchor_file):
    """A line is cut in the middle by the limit; later it stands there whole."""
    if connection.vendor == "sqlite":
        pytest.skip("the limit would hold for the file of the database too")
    seal()
    size = anchor_file.stat().st_size
    grant(1)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(size + 100)],
        capture_output=True,
        text=True,
        check=False,
        env=databases.child_environment(
            "tests.audit.sealing.anchored", JTSEC_TEST_ANCHOR=f"file:{anchor_file}"
        ),
    )
    assert done.returncode == 0, done.stderr
    assert anchor_file.stat().st_size == size + 100
    assert codes() == ["audit:anchor:failed"]
    seal()
    require_anchored()


class TestSyslog:
    """Datagrams to a service that gives nothing back."""

    @pytest.fixture
    def service(self, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
        """Return the address of a local socket and the socket."""
        path = str(tmp_path / "log.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
            listening.bind(path)
            listening.settimeout(5)
            yield path, listening

    def test_each_checkpoint_is_sent_once(self, service):
        """With its priority, so that the service can keep it apart."""
        path, listening = service
        with override_settings(JTSEC_AUDIT_ANCHORS=[f"syslog:{path}"]):
            seal(2)
            seal_now()
            got = [listening.recv(65536) for _one in range(2)]
            listening.setblocking(False)
            with pytest.raises(BlockingIOError):
                listening.recv(65536)
            with pytest.raises(CannotRead):
                list(anchors()[0].read())
        assert all(one.startswith(b"<109>jtsec-audit: {") for one in got)
        assert b'"number":2' in got[1]

    def test_a_service_that_is_away_is_alarmed_and_caught_up(self, tmp_path):
        """One alarm; what it missed is sent when it is back."""
        path = str(tmp_path / "log.sock")
        with override_settings(JTSEC_AUDIT_ANCHORS=[f"syslog:{path}"]):
            seal(2)
            assert codes() == ["audit:anchor:failed"]
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
                listening.bind(path)
                listening.settimeout(5)
                seal_now()
                got = [listening.recv(65536) for _one in checkpoints_after(0)]
        assert b'"number":1' in got[0]

    def test_a_line_that_no_service_keeps_goes_without_its_body(self, service):
        """Number and hash are what matters."""
        path, listening = service
        with override_settings(
            JTSEC_AUDIT_ANCHORS=[f"syslog:{path}"], JTSEC_AUDIT_SEAL_BATCH=100_000
        ):
            from jtsec.audit.sealing import syslog_anchor

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(syslog_anchor, "LONGEST", 100)
                seal()
            got = listening.recv(65536)
        assert b'"body"' not in got
        assert b'"hash"' in got


class TestSecondDatabase:
    """A table that others administer."""

    @pytest.fixture
    def second(self, tmp_path: Path) -> Iterator[str]:
        """Return the alias of a second database with the table and its triggers."""
        name = "anchorage"
        settings = {
            **connections["default"].settings_dict,
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(tmp_path / "anchor.sqlite3"),
            "OPTIONS": {},
        }
        connections[name] = own = DatabaseWrapper(settings, name)
        try:
            with own.schema_editor() as editor:
                editor.create_model(AuditAnchorLine)
            immutability.install(own, ANCHOR_LINES)
            with override_settings(JTSEC_AUDIT_ANCHORS=[f"database:{name}"]):
                yield name
        finally:
            own.close()
            del connections[name]

    def test_each_checkpoint_is_a_row_that_stays(self, second):
        """Read back as from a file; nothing there is changed or removed."""
        seal(2)
        require_anchored()
        with (
            pytest.raises(DatabaseError, match="append-only"),
            connections[second].cursor() as cursor,
        ):
            cursor.execute("DELETE FROM jtsec_auditanchorline")

    def test_a_table_that_is_not_there_is_an_anchor_that_failed(self, second):
        """Told once; sealing goes on."""
        with connections[second].cursor() as cursor:
            cursor.execute("DROP TABLE jtsec_auditanchorline")
        seal(2)
        assert codes() == ["audit:anchor:failed"]


@pytest.mark.parametrize("name", ["ftp:/x", "file:", "/var/log/x", "", "database:"])
def test_a_name_that_is_no_anchor_is_refused(name):
    """With a sentence that says what one looks like."""
    with pytest.raises(ConfigurationError):
        anchor_of(name)


def test_an_anchor_follows_the_commit_and_never_leads(anchor_file, monkeypatch):
    """Dying in between leaves the anchor behind, and the next pass brings it up."""
    monkeypatch.setattr("jtsec.audit.sealing.passes.bring_up_to_date", lambda: None)
    seal(2)
    assert not anchor_file.exists()
    monkeypatch.undo()
    seal_now()
    require_anchored()
    assert AuditSealer.objects.get().troubles == {}
