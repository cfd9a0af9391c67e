"""The INSERT of the audit: one event, a few, very many; all of them or none."""

from __future__ import annotations

import pytest

from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jtsec.audit import table
from jtsec.audit.models import AuditRecord
from jtsec.core import psycopg_rows
from tests.audit.query.rows import row

pytestmark = pytest.mark.django_db

postgresql_only = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="its driver alone is spoken to directly"
)


def stored() -> list[dict[str, object]]:
    """Return every column of every row but its number, as they were added."""
    names = [field.attname for field in table.FIELDS]
    rows = AuditRecord.objects.order_by("id").values_list(*names)
    return [dict(zip(names, one, strict=True)) for one in rows]


@pytest.mark.parametrize("count", [1, table.FEW, table.FEW + 1, table.BATCH * 2 + 1])
def test_however_many_there_are_each_is_stored_as_it_is(count: int) -> None:
    """Times, bytes, unknown truths and quotes come back as they went."""
    rows = [
        row(
            reason=f"\\N\t'{number}\"\\x00\n",
            actor_is_police=(True, False, None)[number % 3],
            sealed={"owner": "张三"},
        )
        for number in range(count)
    ]
    table.insert(rows, "default")
    expected = [dict(one) for one in rows]
    for one in (*expected, *(found := stored())):
        one["payload"], one["mac"] = bytes(one["payload"]), bytes(one["mac"])
    assert found == expected


@pytest.mark.parametrize("count", [3, table.FEW + 5, table.BATCH + 5])
def test_one_row_that_the_database_refuses_takes_the_others_with_it(count: int) -> None:
    """The same event number twice: none is added, and the transaction is over."""
    rows = [row(code=f"permits:permit:n{number}") for number in range(count)]
    with pytest.raises(DatabaseError), transaction.atomic():
        table.insert([*rows, rows[0]], "default")
    assert not AuditRecord.objects.exists()


@postgresql_only
def test_many_rows_go_by_copy_and_are_seen_in_the_log_of_queries() -> None:
    """What Django counts and logs is complete."""
    with CaptureQueriesContext(connection) as asked:
        table.insert([row() for _ in range(table.FEW + 1)], "default")
    assert any("COPY" in one["sql"] for one in asked.captured_queries)


@postgresql_only
def test_another_driver_is_spoken_to_as_the_orm_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is known of psycopg 3 is asked of no other."""
    monkeypatch.setattr(psycopg_rows, "is_driver_of", lambda connection: False)
    with CaptureQueriesContext(connection) as asked:
        table.insert([row() for _ in range(table.FEW + 1)], "default")
    assert not any("COPY" in one["sql"] for one in asked.captured_queries)
    assert AuditRecord.objects.count() == table.FEW + 1
