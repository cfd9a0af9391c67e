"""An altered row is named, and what cannot be verified is not called altered."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from django.db import connection

from jtsec.audit import immutability
from jtsec.audit.api import RecordAltered, record
from jtsec.audit.details import open_details
from jtsec.audit.models import AuditRecord
from jtsec.audit.payload import TEXT_COLUMNS, canonical, parse
from jtsec.audit.verification import verify_record
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.keys import api as keys
from tests.audit.declared import PermitGranted, PermitRefused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A5.8")]


@pytest.fixture
def row():
    """Return a row as the database gives it."""
    record(PermitGranted(resource="permits.permit:7", owner="张三", count=3))
    return AuditRecord.objects.get()


def test_an_honest_row_verifies(row):
    """What comes back from the database is what was written."""
    assert verify_record(row)["data"] == {"count": 3}


@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_an_altered_text_column_is_named(row, column):
    """The copy for queries differs from the evidence."""
    setattr(row, column, "altered")
    with pytest.raises(RecordAltered) as found:
        verify_record(row)
    assert found.value.columns == (column,)


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("at", lambda value: value + timedelta(microseconds=1)),
        ("severity", lambda value: value + 1),
        ("actor_is_police", lambda value: True),
        ("event_id", lambda value: uuid4()),
    ],
)
def test_every_other_altered_column_is_named(row, column, change):
    """Times to the microsecond, numbers and flags too."""
    setattr(row, column, change(getattr(row, column)))
    with pytest.raises(RecordAltered) as found:
        verify_record(row)
    assert found.value.columns == (column,)


def test_every_column_of_the_table_is_held_against_something(row):
    """A new column that nobody verifies fails here."""
    verified = {*TEXT_COLUMNS, "at", "severity", "actor_is_police", "event_id"}
    stored = {field.name for field in AuditRecord._meta.concrete_fields}
    assert stored - verified == {"id", "payload", "mac", "mac_key_id"}


def test_an_altered_payload_or_mac_is_found(row):
    """One flipped bit in either."""
    honest = bytes(row.payload), bytes(row.mac)
    row.payload = honest[0].replace(b'"count":3', b'"count":9')
    with pytest.raises(RecordAltered) as found:
        verify_record(row)
    assert found.value.columns == ("payload",)
    row.payload, row.mac = honest[0], bytes([honest[1][0] ^ 1]) + honest[1][1:]
    with pytest.raises(VerifiedFalse):
        verify_record(row)


def test_a_mac_under_another_controls_key_is_no_statement_of_the_audit(row):
    """Who holds the seal key cannot write audit records."""
    row.mac_key_id, row.mac = keys.mac(keys.Purpose.SEAL, bytes(row.payload))
    with pytest.raises(RecordAltered) as found:
        verify_record(row)
    assert found.value.columns == ("mac_key_id",)


def test_a_missing_key_says_nothing_about_the_row(row):
    """Cannot verify is not altered."""
    row.mac_key_id = "audit-mac-99"
    with pytest.raises(CannotVerify):
        verify_record(row)


def test_an_authentic_payload_of_an_unknown_version_cannot_be_verified(row):
    """A newer program wrote it; nobody tampered."""
    row.payload = canonical({"v": 2})
    row.mac_key_id, row.mac = keys.mac(keys.Purpose.AUDIT_MAC, bytes(row.payload))
    with pytest.raises(CannotVerify):
        verify_record(row)


def test_a_box_moved_to_another_event_does_not_open(row):
    """Sensitive details belong to their event."""
    record(PermitGranted(resource="other", owner="李四"))
    other = parse(bytes(AuditRecord.objects.get(resource="other").payload))
    other["sealed"] = parse(bytes(row.payload))["sealed"]
    with pytest.raises(VerifiedFalse):
        open_details(other)


@pytest.mark.django_db(transaction=True)
def test_a_change_by_sql_past_the_triggers_is_found():
    """Who owns the table can remove the triggers, and is found out all the same."""
    record(PermitRefused(reason="true"))
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE jtsec_auditrecord SET reason = 'false'")
    with pytest.raises(RecordAltered) as found:
        verify_record(AuditRecord.objects.get())
    assert found.value.columns == ("reason",)
