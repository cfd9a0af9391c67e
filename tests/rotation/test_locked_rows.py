"""A row that somebody holds is passed over, and renewed once it is free."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from django.db import connection, transaction

from jtsec.fields import batches, renewing
from jtsec.keys.api import Purpose, uses
from jtsec.rotation import api
from tests.plainapp.models import Driver

from .stored import drivers, key_ids, rotated

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.clause("A6.3"),
]


class Holder:
    """Another connection's transaction, which holds one row."""

    def __init__(self, pk: int) -> None:
        self._held, self._free = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(pk,))
        self._thread.start()
        assert self._held.wait(20)

    def _hold(self, pk: int) -> None:
        try:
            with transaction.atomic():
                Driver.objects.select_for_update().get(pk=pk)
                self._held.set()
                self._free.wait(60)
        finally:
            connection.close()

    def let_go(self) -> None:
        """End the transaction."""
        self._free.set()
        self._thread.join()


def test_it_never_waits_for_a_row(
    as_ops: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are renewed beside it; what is held is left, and done later."""
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("this database locks no rows")
    rows = drivers(5)
    api.prepare(Purpose.FIELD, reason="x")
    api.activate(Purpose.FIELD, reason="x")
    monkeypatch.setattr(renewing, "PATIENCE", 0.0)
    holder = Holder(rows[2].pk)
    try:
        list(api.renew(reason="x"))
        assert key_ids(Driver, "phone") == {"field-1": 1, "field-2": 4}
        assert api.retire(reason="x") == []
    finally:
        holder.let_go()
    assert rotated().retired == ["field-1"]


def test_without_passing_over_it_would_wait(
    as_ops: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection removed: one held row keeps the whole batch from its turn."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL is told here how long to wait")
    rows = drivers(5)
    api.prepare(Purpose.FIELD, reason="x")
    api.activate(Purpose.FIELD, reason="x")

    def all_of_them(cursor: Any, column: Any, given: Any) -> Any:
        return given

    monkeypatch.setattr(batches, "_locked", all_of_them)
    (use,) = (one for one in uses() if one.name == "plainapp.driver.phone")
    assert isinstance(use, renewing.ColumnUse)
    holder = Holder(rows[2].pk)
    try:
        (batch,) = use.stored.batches()
        assert use._renew(batch, {}) == (0, ())
    finally:
        holder.let_go()
