"""Neither the ORM nor SQL changes or removes a record."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from django.core.management import call_command
from django.db import DatabaseError, connection

from jtsec.audit import immutability
from jtsec.audit.api import AppendOnly, record
from jtsec.audit.checks import REINSTALL, check_append_only
from jtsec.audit.models import AuditRecord
from jtsec.audit.probe import accepted_changes
from tests.audit.declared import PermitRefused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]

STATEMENTS = {
    "all": [
        "UPDATE jtsec_auditrecord SET code = 'x'",
        "DELETE FROM jtsec_auditrecord",
    ],
    "sqlite": [
        "INSERT OR REPLACE INTO jtsec_auditrecord SELECT * FROM jtsec_auditrecord",
        "UPDATE OR IGNORE jtsec_auditrecord SET code = 'x'",
    ],
    "postgresql": [
        "TRUNCATE jtsec_auditrecord",
        "TRUNCATE jtsec_auditrecord CASCADE",
        "UPDATE jtsec_auditrecord SET code = 'x' WHERE false",
        "INSERT INTO jtsec_auditrecord SELECT * FROM jtsec_auditrecord "
        "ON CONFLICT (id) DO UPDATE SET code = 'x'",
    ],
    "mysql": [
        "TRUNCATE jtsec_auditrecord",
        "REPLACE INTO jtsec_auditrecord SELECT * FROM jtsec_auditrecord",
    ],
}


def statements() -> list[str]:
    """Return what this database must refuse."""
    return STATEMENTS["all"] + STATEMENTS[connection.vendor]


def execute(statement: str) -> None:
    """Run one statement as an attacker with the application's rights would."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def row():
    """Return a record that is there."""
    record(PermitRefused(reason="true"))
    return AuditRecord.objects.get()


def test_the_database_refuses_every_way_to_change_a_record(row):
    """UPDATE, DELETE, TRUNCATE, REPLACE: all refused, and the row is as it was."""
    for statement in statements():
        with pytest.raises(DatabaseError):
            execute(statement)
    found = AuditRecord.objects.get()
    assert (found.pk, found.code) == (row.pk, "tests:permit:refused")


def test_the_refusal_says_what_it_is(row):
    """Whoever tries reads why."""
    with pytest.raises(DatabaseError, match="append-only"):
        execute("DELETE FROM jtsec_auditrecord")


def test_a_session_that_calls_itself_a_replica_does_not_pass(row):
    """PostgreSQL skips ordinary triggers for replicas; these are ALWAYS."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has such a switch")
    execute("SET session_replication_role = replica")
    try:
        with pytest.raises(DatabaseError):
            execute("DELETE FROM jtsec_auditrecord")
    finally:
        execute("SET session_replication_role = DEFAULT")


def test_without_the_triggers_the_row_is_gone_and_the_check_says_so(row):
    """Remove the protection, and see both."""
    immutability.remove(connection)
    try:
        assert accepted_changes("default") == ["UPDATE", "DELETE"]
        (message,) = check_append_only(None, databases=["default"])
        assert message.id == "jtsec.E320"
        execute("DELETE FROM jtsec_auditrecord")
        assert not AuditRecord.objects.exists()
    finally:
        immutability.install(connection)
    assert check_append_only(None, databases=["default"]) == []


def test_the_hint_of_the_check_repairs_it():
    """Pasted as it stands; `migrate` itself would stop at the check."""
    immutability.remove(connection)
    (message,) = check_append_only(None, databases=["default"])
    command = REINSTALL.partition('"')[2].rstrip('"')
    assert message.hint is not None
    assert command in message.hint
    call_command("shell", command=command)
    assert immutability.missing(connection) == []


def test_a_trigger_that_was_only_switched_off_counts_as_missing(row):
    """PostgreSQL keeps a disabled trigger in its catalogue."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL disables triggers")
    execute("ALTER TABLE jtsec_auditrecord DISABLE TRIGGER USER")
    try:
        assert immutability.missing(connection) == [
            "jtsec_auditrecord_append_only",
            "jtsec_auditrecord_no_delete",
        ]
    finally:
        immutability.install(connection)


def test_a_table_that_cannot_be_written_is_said(monkeypatch):
    """Better at the start than at the first login."""

    def broken(rows, using):
        raise DatabaseError("read-only")

    monkeypatch.setattr("jtsec.audit.probe.insert", broken)
    (message,) = check_append_only(None, databases=["default"])
    assert message.id == "jtsec.E321"


def test_the_check_leaves_no_row_and_asks_only_named_databases():
    """A check is no event."""
    check_append_only(None, databases=["default"])
    assert not AuditRecord.objects.exists()
    assert check_append_only(None, databases=None) == []


def test_the_orm_refuses_before_the_database_does(row):
    """A programmer's mistake is told in words."""
    attempts = [
        row.save,
        row.delete,
        AuditRecord.objects.all().delete,
        lambda: AuditRecord.objects.update(code="x"),
        lambda: AuditRecord.objects.bulk_update([row], ["code"]),
        lambda: AuditRecord.objects.bulk_create([row], ignore_conflicts=True),
        lambda: AuditRecord.objects.filter(pk=row.pk)._raw_delete("default"),
        lambda: AuditRecord(pk=row.pk, code="x").save(),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnly):
            attempt()
    assert AuditRecord.objects.get().code == "tests:permit:refused"


def test_the_triggers_come_back_when_a_block_of_a_test_fails():
    """A broken test leaves the table protected."""
    with pytest.raises(ZeroDivisionError), immutability.lifted(connection):
        _ = 1 / 0
    assert immutability.missing(connection) == []


def test_the_triggers_cannot_be_lifted_outside_of_a_test_run():
    """No setting makes a server a test run."""
    code = (
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "from jtsec.audit import immutability\n"
        "from jtsec.audit.api import AppendOnly\n"
        "try:\n"
        "    with immutability.lifted(connection): print('lifted')\n"
        "except AppendOnly: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert done.stdout.strip() == "refused"


def test_the_migration_is_reversible():
    """Back and forth leaves a protected table."""
    call_command("migrate", "jtsec", "0001", verbosity=0)
    try:
        assert immutability.missing(connection) != []
    finally:
        call_command("migrate", verbosity=0)
    assert immutability.missing(connection) == []
