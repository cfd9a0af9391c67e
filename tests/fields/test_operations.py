"""An existing plain column is encrypted in place and back, whatever interrupts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from django.db import DataError, connection, models
from django.db.migrations import Migration
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter

from jtsec.core.exceptions import ConfigurationError, InputError
from jtsec.fields import operations
from jtsec.fields.exceptions import FieldAltered
from jtsec.fields.operations import EncryptExisting, move_values
from tests import databases
from tests.fields.stored import column, put, refused
from tests.plainapp.models import Dossier
from tests.thoroughness import only_in_full

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3")]

committed = pytest.mark.django_db(transaction=True)
TEXT = EncryptExisting("dossier", "old_text", "text")


def state() -> ProjectState:
    """Return the models as a migration sees them."""
    made = ProjectState()
    made.add_model(ModelState.from_model(Dossier))
    return made


def run(operation: EncryptExisting, *, backwards: bool = False) -> None:
    """Apply an operation as `migrate` does."""
    with connection.schema_editor(atomic=False) as editor:
        verb = (
            operation.database_backwards if backwards else operation.database_forwards
        )
        verb("plainapp", editor, state(), state())


@committed
@pytest.mark.parametrize(
    ("plain", "encrypted", "values"),
    [
        ("old_text", "text", ["长" * 300, "", "\U0001f600", "a"]),
        ("old_born", "born", [date(1969, 7, 20)]),
        ("old_amount", "amount", [Decimal("-1.50"), Decimal(0)]),
        ("old_facts", "facts", [{"a": [1, None]}, [], "text", False]),
    ],
)
def test_values_are_encrypted_in_place_and_back(plain, encrypted, values):
    """The old column is empty, the values are found in the new one; and back."""
    rows = [Dossier.objects.create(**{plain: value}) for value in values]
    nothing = Dossier.objects.create()
    operation = EncryptExisting("dossier", plain, encrypted)
    run(operation)
    for row, value in zip(rows, values, strict=True):
        assert column(Dossier, row.pk, plain) is None
        moved = Dossier.objects.get(pk=row.pk)
        assert getattr(moved, encrypted) == value
        if Dossier._meta.get_field(encrypted).searchable:  # type: ignore[union-attr]  # an encrypted field
            assert Dossier.objects.get(**{encrypted: value}) == row
    run(operation)  # there is nothing left to do
    run(operation, backwards=True)
    for row, value in zip(rows, values, strict=True):
        assert getattr(Dossier.objects.get(pk=row.pk), plain) == value
        assert column(Dossier, row.pk, encrypted) is None
        assert (
            column(Dossier, row.pk, f"{encrypted}_index") is None
            if (encrypted != "facts")
            else True
        )
    assert column(Dossier, nothing.pk, encrypted) is None


# Dies by SIGKILL before the update of so many batches.
PROGRAM = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from jtsec.fields import operations
from tests.plainapp.models import Dossier
from tests.thoroughness import only_in_full
operations.BATCH = 5
left = int(sys.argv[1])

def count(execute, sql, params, many, context):
    global left
    if sql.startswith("UPDATE") and "IS NULL" not in sql:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

with connection.execute_wrapper(count):
    print(operations.move_values(Dossier, sys.argv[2], sys.argv[3]))
"""


def move_until(updates: int, source: str, target: str) -> Any:
    """Let a process move values until so many batches; 0 for to the end."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(updates), source, target],
        capture_output=True,
        text=True,
        check=False,
        env=databases.child_environment(),
    )


def moved(source: str, target: str) -> int:
    """Return how many rows are moved; every value stands in exactly one column."""
    rows = Dossier.objects.order_by("name").values("name", source, target)
    for row in rows:
        held = [row[one] for one in (source, target) if row[one] is not None]
        assert held == [f"value {row['name']}"]
    return sum(row[target] is not None for row in rows)


@only_in_full  # test_existing_table does the same, on more rows and both ways
@committed
@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_run_killed_twice_is_resumed_and_loses_nothing():
    """On the way there and on the way back; whole batches are kept."""
    for number in range(23):
        Dossier.objects.create(name=f"{number}", old_text=f"value {number}")
    for source, target in (("old_text", "text"), ("text", "old_text")):
        for updates, expected in ((2, 5), (3, 15)):
            died = move_until(updates, source, target)
            assert died.returncode == -signal.SIGKILL, died.stderr
            assert moved(source, target) == expected
        done = move_until(0, source, target)
        assert done.stdout.strip() == "8", done.stderr
        assert moved(source, target) == 23


@committed
@pytest.mark.concurrency
def test_the_application_may_write_on_meanwhile(monkeypatch):
    """New rows and changes of rows not yet moved are in the new column at the end."""
    monkeypatch.setattr(operations, "BATCH", 3)
    keys = [Dossier.objects.create(old_text="old").pk for _ in range(40)]
    expected: dict[Any, str] = dict.fromkeys(keys, "old")
    started = threading.Event()

    def write() -> None:
        try:
            for number, key in enumerate(reversed(keys)):
                waiting = Dossier.objects.filter(pk=key, old_text__isnull=False)
                if waiting.update(old_text=f"new {number}"):
                    expected[key] = f"new {number}"
                expected[Dossier.objects.create(old_text="added").pk] = "added"
                started.set()
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    started.wait(30)
    move_values(Dossier, "old_text", "text")
    writer.join(60)
    move_values(Dossier, "old_text", "text")
    assert dict(Dossier.objects.values_list("pk", "text")) == expected
    assert not Dossier.objects.filter(old_text__isnull=False).exists()


def test_unlike_values_in_both_columns_stop_the_run():
    """Neither is thrown away; equal ones are cleared."""
    same = Dossier.objects.create(old_text="x", text="x")
    both = Dossier.objects.create(old_text="old", text="new")
    with refused(InputError, match=f"plainapp.dossier {both.pk}") as caught:
        move_values(Dossier, "old_text", "text")
    assert "new" not in str(caught.value)
    both.refresh_from_db()
    assert (both.old_text, both.text) == ("old", "new")
    both.delete()
    assert move_values(Dossier, "old_text", "text") == 1
    same.refresh_from_db()
    assert (same.old_text, same.text) == (None, "x")


def test_a_value_that_does_not_fit_stays_where_it_is(monkeypatch):
    """Too long for the new field, or not readable on the way back."""
    row = Dossier.objects.create(old_text="abc")
    monkeypatch.setattr(Dossier._meta.get_field("text"), "max_length", 2)
    with refused(DataError):
        move_values(Dossier, "old_text", "text")
    row.refresh_from_db()
    assert (row.old_text, row.text) == ("abc", None)
    monkeypatch.undo()
    move_values(Dossier, "old_text", "text")
    put(Dossier, row.pk, "text", b"forged")
    with refused(FieldAltered):
        move_values(Dossier, "text", "old_text")
    assert column(Dossier, row.pk, "text") == b"forged"


@committed
@pytest.mark.parametrize(
    ("plain", "encrypted"),
    [("text", "old_text"), ("name", "text"), ("old_text", "old_born")],
)
def test_columns_that_cannot_be_moved_are_refused(plain, encrypted):
    """Ciphertext of ciphertext, a column that cannot be cleared, plain to plain."""
    row = Dossier.objects.create(name="a", old_text="b")
    with pytest.raises(ConfigurationError):
        run(EncryptExisting("dossier", plain, encrypted))
    row.refresh_from_db()
    assert (row.name, row.old_text, row.text) == ("a", "b", None)


def test_the_operation_is_written_into_a_migration():
    """makemigrations' writer knows it, and migrate says what it does."""
    migration: Any = type("Migration", (Migration,), {"operations": [TEXT]})
    text = MigrationWriter(migration("0002", "plainapp")).as_string()
    assert "jtsec.fields.operations.EncryptExisting(" in text
    assert TEXT.describe() == "Encrypt dossier.old_text as text"
    before = state()
    TEXT.state_forwards("plainapp", before)
    assert before == state()
    assert isinstance(before.apps.get_model("plainapp", "dossier"), type(models.Model))


def test_a_document_that_is_null_is_moved_as_no_value():
    """JSON's null and none at all are one to the model; the old column is cleared."""
    row = Dossier.objects.create(old_facts=models.Value(None, models.JSONField()))
    full = Dossier.objects.create(old_facts={"a": 1})
    assert move_values(Dossier, "old_facts", "facts") == 2
    assert [column(Dossier, row.pk, one) for one in ("old_facts", "facts")] == [
        None,
        None,
    ]
    assert Dossier.objects.get(pk=full.pk).facts == {"a": 1}


def test_columns_of_two_tables_are_refused(monkeypatch):
    """One UPDATE changes one table; a value must never stand in none."""
    monkeypatch.setattr(Dossier._meta.get_field("text"), "model", models.Model)
    with pytest.raises(ConfigurationError, match="not of one table"):
        move_values(Dossier, "old_text", "text")
