"""A table with rows becomes a sealed one, whenever the run is interrupted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from django.db import connection
from django.db.migrations.state import ModelState, ProjectState

from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import ConfigurationError
from jtsec.core.guarding import writing
from jtsec.protection import existing
from jtsec.protection.api import Exit, RootMissing, verify
from jtsec.protection.models import SealedLane
from jtsec.protection.operations import SealExisting
from jtsec.protection.passing import passing
from tests.plainapp.models import Driver, Ledger, Plain, Vehicle
from tests.protection.tampering import refused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.1")]


def run(name: str = "ledger", *, backwards: bool = False) -> None:
    """Apply the operation as `migrate` does, with models of the migration's state."""
    state = ProjectState()
    for model in (Ledger, Plain, Driver, Vehicle):
        state.add_model(ModelState.from_model(model))
    operation = SealExisting(name)
    verb = operation.database_backwards if backwards else operation.database_forwards

    # What the operation uses of a schema editor.
    verb("plainapp", SimpleNamespace(connection=connection), state, state)


def bare(count: int) -> None:
    """Make rows as they were before the model was sealed."""
    with passing():
        Ledger.objects.bulk_create(Ledger(pk=n, text="t") for n in range(1, count + 1))


def test_existing_rows_are_sealed_in_batches(monkeypatch) -> None:
    """Before, the table is refused; afterwards it is sound, and the audit knows."""
    monkeypatch.setattr(existing, "BATCH", 4)
    bare(10)
    with refused(RootMissing):
        Ledger.objects.create(text="x")
    run()
    assert verify([Ledger]).exit_code is Exit.SOUND
    Ledger.objects.create(pk=500, text="x")
    made = AuditRecord.objects.get(code="protection:rows:sealed")
    assert made.resource == "plainapp.ledger"
    run()
    assert AuditRecord.objects.filter(code="protection:rows:sealed").count() == 1


def test_a_run_that_was_stopped_is_taken_up(monkeypatch) -> None:
    """What was sealed stays, what is left is sealed by the next run."""
    monkeypatch.setattr(existing, "BATCH", 4)
    bare(10)
    plain, calls = existing._seal, []

    def stop(*args):
        calls.append(args)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return plain(*args)

    monkeypatch.setattr(existing, "_seal", stop)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.setattr(existing, "_seal", plain)
    run()
    assert verify([Ledger]).exit_code is Exit.SOUND


def test_reversed_it_takes_the_seals_off() -> None:
    """So that the column can go, and come again."""
    Ledger.objects.create(text="a")
    run(backwards=True)
    assert not SealedLane.objects.filter(table="plainapp.ledger").exists()
    run()
    assert verify([Ledger]).exit_code is Exit.SOUND


def test_a_migration_writes_sealed_rows() -> None:
    """Models as a migration knows them have the same table, and the same seals."""
    state = ProjectState()
    state.add_model(ModelState.from_model(Ledger))
    old = state.apps.get_model("plainapp", "Ledger")
    old.objects.create(text="a")
    old.objects.bulk_create([old(pk=7, text="b")])
    old.objects.update(text="c")
    assert verify([Ledger]).exit_code is Exit.SOUND
    assert Ledger.objects.filter(text="c").count() == 2


def test_a_model_that_is_not_sealed_is_refused() -> None:
    """The operation says so, and writes nothing."""
    with pytest.raises(ConfigurationError):
        run("plain")
    with writing("protection"):
        assert not SealedLane.objects.exists()
