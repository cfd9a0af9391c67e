"""A row that SQL made unreadable does not stop the rules (A5.5, A5.8)."""

from __future__ import annotations

from typing import Any

import pytest

from django.db import connection

from benchmarks import history_writing
from jtsec.audit.models import AuditRecord
from jtsec.audit.rules import api as rules
from jtsec.audit.rules import reading
from tests.audit.rules.events import occurrences, row_of, seal_all
from tests.audit.verifying import attacks
from tests.audit.verifying.test_unreadable import TIMES

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("A5.5", "A5.8"),
]


@pytest.fixture
def unreadable() -> int:
    """Seal events of a kind that raises an alarm; one of them loses its time."""
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION sql_mode = ''")
    history_writing.write(row_of(71, 0.2))
    seal_all()
    target = AuditRecord.objects.order_by("id")[3].pk
    attacks.change(target, "at", TIMES[connection.vendor][0])
    return target


def test_the_rules_leave_it_out_and_name_it(unreadable: int) -> None:
    """What stands beside it is looked at as ever."""
    look = rules.watch()
    assert (look.events, rules.lag()) == (70, 0)
    assert occurrences("high-frequency") == 1
    (row,) = AuditRecord.objects.filter(code="audit:record:altered")
    assert row.resource == f"jtsec.auditrecord:{unreadable}"


def test_otherwise_nobody_would_look_any_more(
    unreadable: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: read as one, they cannot be read."""

    def whole(piece: Any) -> Any:
        return [(one[0], reading.Row._make(one)) for one in reading.plain(piece)]

    monkeypatch.setattr(reading, "readable", whole)
    with pytest.raises(Exception):  # noqa: B017 - each database has its own
        rules.watch()
    assert rules.lag() == 1
