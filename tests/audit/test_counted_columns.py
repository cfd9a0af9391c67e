"""Statistics are counted from an index, on the database that can."""

from __future__ import annotations

from datetime import timedelta

import pytest

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jtsec.audit import counted_columns
from jtsec.audit.models import AuditRecord
from jtsec.audit.query.api import Filter, overview_of, statistics_of
from tests.audit.query.rows import add, row

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("A5.10"),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="PostgreSQL alone counts so"
    ),
]

WAYS = ("user", "organisation", "action", "source", "outcome", "severity", "duty")


def vacuumed() -> None:
    """Fill the table, and let a vacuum see what is in it, as it does in time."""
    begin = timezone.now() - timedelta(days=1)
    add(*(row(begin + timedelta(seconds=n)) for n in range(500)))
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")  # what is not on the disk is not seen by all yet
        cursor.execute(f"VACUUM (ANALYZE) {AuditRecord._meta.db_table}")


def explained(statement: str) -> str:
    """Return the plan of a statement."""
    with connection.cursor() as cursor:
        # A table of few rows is read whole, whatever indexes it has.
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan")
    return plan


def plans() -> dict[str, str]:
    """Return the plan of what each way counts with."""
    found = {}
    period = Filter(since=timezone.now() - timedelta(days=2), until=timezone.now())
    for way in WAYS:
        with CaptureQueriesContext(connection) as asked:
            statistics_of(period, way)
        counting = next(q["sql"] for q in asked if "GROUP BY" in q["sql"])
        found[way] = explained(counting)
    return found


def test_no_way_reads_the_rows():
    """Every way to count is answered by the index of the times."""
    vacuumed()
    for way, plan in plans().items():
        assert "Index Only Scan using jtsec_audit_at" in plan, f"{way}\n{plan}"


def test_the_overview_reads_no_rows():
    """Neither its figures nor who was busiest; their names alone, a few rows."""
    vacuumed()
    period = Filter(since=timezone.now() - timedelta(days=2), until=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        overview_of(period)
    counting = [q["sql"] for q in asked if "COUNT(" in q["sql"]]
    assert len(counting) == 5
    for statement in counting:
        assert "Index Only Scan" in explained(statement), statement


def test_without_the_columns_the_rows_are_read():
    """The control: the index as the model declares it does not do."""
    counted_columns.remove(connection)
    try:
        vacuumed()
        plan = plans()["user"]
        assert "Index Only Scan" not in plan
    finally:
        counted_columns.install(connection)
