"""A column that cannot be read any more hides nothing: the row is named (A5.8)."""

from __future__ import annotations

from typing import Any

import pytest

from django.db import connection, models

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import lag, seal_now
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.verifying.api import Exit, first_public_key, prove, verify
from tests.audit.sealing.log import grant
from tests.audit.verifying import attacks
from tests.audit.verifying.conftest import Log
from tests.audit.verifying.test_attacks import found

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]

TIMES: dict[str, list[Any]] = {
    "sqlite": ["soon", b"\xff", "9999-99-99 00:00:00"],
    "postgresql": ["infinity", "-infinity", "4000-01-01 BC", "20000-01-01"],
    "mysql": ["0000-00-00 00:00:00", "2026-00-00 00:00:00"],
}
NUMBERS: dict[str, list[Any]] = {
    "sqlite": ["xyz", b"\xff"],
    "postgresql": [],
    "mysql": ["xyz"],
}
BYTES: dict[str, list[Any]] = {"sqlite": ["text", 10**13]}
"""What each database takes into a column, and Python cannot read out of it."""


@pytest.fixture
def anything() -> None:
    """Let MySQL take what it refuses by default; its owner sets that too."""
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION sql_mode = ''")


def prepared(row: models.Model, name: str) -> Any:
    """Return the value of a column as its database takes it."""
    (field,) = (one for one in row._meta.concrete_fields if one.name == name)
    return field.get_db_prep_save(getattr(row, name), connection)


@pytest.mark.usefixtures("anything")
def test_a_record_whose_columns_cannot_be_read_is_named(log: Log) -> None:
    """With the ring and with a public key; by its seal it is whole."""
    pem = first_public_key()
    target = log.ids[5]
    row = AuditRecord.objects.get(pk=target)
    for column, values in (("at", TIMES), ("event_id", NUMBERS)):
        for value in values[connection.vendor]:
            attacks.change(target, column, value)
            for key in (None, pem):
                report = verify(public_key=key)
                assert found(report) == [("column-altered", 2, target)], value
                assert report.exit_code is Exit.FALSE
            assert found(verify(deep=False)) == []
        attacks.change(target, column, prepared(row, column))
    assert found(verify()) == []


@pytest.mark.usefixtures("anything")
def test_a_record_that_waits_hides_nothing_behind_its_time(log: Log) -> None:
    """Neither the sealing nor the verification of all others stops at it."""
    for value in TIMES[connection.vendor]:
        (one,) = grant(1)
        attacks.change(one, "at", value)
        assert ("column-altered", None, one) in found(verify()), value
        assert lag().rows == 1
        seal_now()
        assert lag().rows <= 1
    assert {kind for kind, _c, _r in found(verify())} == {"column-altered"}


@pytest.mark.usefixtures("anything")
@pytest.mark.parametrize("column", ["body", "signature", "hash", "root", "at"])
def test_a_checkpoint_that_cannot_be_read_is_named(log: Log, column: str) -> None:
    """In the middle and at the end, and records of others can still be proved."""
    values = TIMES if column == "at" else BYTES
    if connection.vendor not in values:
        pytest.skip("the type of the column keeps it")
    for number in (2, 3):
        stored = AuditCheckpoint.objects.get(number=number)
        statement = f"UPDATE {attacks.CHECKPOINTS} SET {column} = %s WHERE number = %s"
        for value in values[connection.vendor]:
            attacks.sql(statement, value, number)
            report = verify()
            assert ("checkpoint-altered", number, None) in found(report), value
            assert prove(log.of(1)[0])
        attacks.sql(statement, prepared(stored, column), number)
    assert found(verify()) == []


@pytest.mark.parametrize("column", ["payload", "mac"])
def test_bytes_that_are_none_are_named_and_not_sealed(log: Log, column: str) -> None:
    """A number of ten digits would be ten gigabytes; a text ended the sealing."""
    if connection.vendor != "sqlite":
        pytest.skip("the type of the column keeps it")
    for value in BYTES["sqlite"]:
        (one,) = grant(1)
        attacks.change(one, column, value)
        seal_now()
        assert ("mac-wrong", one) in [(kind, at) for kind, _c, at in found(verify())]
    for value in BYTES["sqlite"]:
        attacks.change(log.ids[5], column, value)
        for deep in (True, False):
            assert ("altered", 2, log.ids[5]) in found(verify(deep=deep))
