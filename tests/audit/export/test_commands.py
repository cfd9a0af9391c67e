"""What the command prints, and with which exit code it ends."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest

from django.core.management import CommandError, call_command

from jtsec.audit.api import record
from jtsec.audit.export.models import AuditExportCursor
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import seal_now
from tests.audit.declared import PermitGranted
from tests.audit.export.made import Platform
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("A5.11"),
    pytest.mark.usefixtures("cheap_passwords"),
]
NAME = "jtsec_audit_export"


def said(*arguments: str) -> dict[str, Any]:
    """Run the command and return what it printed."""
    out = StringIO()
    call_command(NAME, *arguments, "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def code(*arguments: str) -> int:
    """Run the command, which fails, and return its exit code."""
    with pytest.raises(CommandError) as error:
        call_command(NAME, *arguments, stdout=StringIO())
    return error.value.returncode


def test_files_are_written_and_named(tmp_path):
    """By a person or by the command itself; recorded either way."""
    record(PermitGranted(resource="1"))
    found = said("--directory", str(tmp_path), "--format", "v1", "--type", "user")
    assert (found["rows"], found["left_out"]) == (1, [])
    registered("auditor", 11, duty="audit")
    who = ("--actor", "auditor", "--reason", "asked for")
    said("--directory", str(tmp_path), "--since", "2026-01-01", *who)
    rows = AuditRecord.objects.filter(code="audit:export:written").order_by("id")
    assert [row.actor_kind for row in rows] == ["system", "person"]
    assert rows[1].reason == "asked for"


def test_what_cannot_be_done_has_its_code(tmp_path):
    """2 usage and settings, 3 files."""
    record(PermitGranted(resource="1"))
    assert code("--directory", str(tmp_path), "--since", "someday") == 2
    assert code("--directory", str(tmp_path), "--until", "2026-02-31") == 2
    assert code("--directory", str(tmp_path / "away" / "deeper")) == 3
    assert code("--directory", str(tmp_path), "--actor", "nobody") == 2
    assert code("--retry", "0" * 32) == 2
    seal_now()
    assert code("--spool", "--send") == 2


def test_packing_sending_and_standing(settings):
    """One round at a time, as a timer would do it."""
    platform = Platform()
    record(PermitGranted(resource="1"))
    seal_now()
    with platform.serving() as url:
        settings.JTSEC_AUDIT_EXPORT_URL = url
        settings.JTSEC_AUDIT_EXPORT_RECEIVERS = [f"127.0.0.1:{platform.port}"]
        found = said("--spool", "--send")
        assert (found["packed"], found["accepted"]) == (1, 1)
        platform.status = "9999"
        seal_now()
        record(PermitGranted(resource="2"))
        seal_now()
        assert code("--spool", "--send") == 1
        (refused,) = said()["refused_batches"]
        platform.status = "0000"
        registered("auditor", 11, duty="audit")
        who = ("--actor", "auditor", "--reason", "registered by now")
        assert said("--retry", refused["batch"], *who)["retried"] == refused["batch"]
        assert said("--send")["accepted"] == 1
    record(PermitGranted(resource="3"))
    seal_now()
    assert code("--spool", "--send") == 1
    standing = said()
    assert standing["down_since"] is not None
    assert (standing["accepted"], standing["refused"]) == (2, 0)
    assert AuditExportCursor.objects.get().failures == 1
