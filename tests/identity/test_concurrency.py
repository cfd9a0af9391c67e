"""Two registrations in the same instant: one person gets the identifier."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from django.db import connections

from jtsec.core.context import acting_as, system_actor
from jtsec.identity import api, gate
from jtsec.identity.models import Identity, IdentityLedger
from tests.identity import people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AT_ONCE = 8


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Run the same work in threads that start together; return results or errors."""
    barrier = Barrier(AT_ONCE)

    def run(which: int) -> Any:
        try:
            with acting_as(system_actor("clerk")):
                barrier.wait(timeout=30)
                return work(which)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def same(field: str, which: int) -> dict[str, Any]:
    """Return person `which`, who has one identifier of everybody else's."""
    values = people.particulars(which + 1)
    shared = {"resident_id": people.resident_id(500), "number": "000500"}
    return values | ({field: shared[field]} if field in shared else {})


@pytest.mark.clause("A3.1.2")
@pytest.mark.parametrize("field", ["resident_id", "number", "username"])
@pytest.mark.parametrize("has_gate", [True, False], ids=["gate", "no gate"])
def test_exactly_one_of_many_registrations_succeeds(
    field: str, has_gate: bool, monkeypatch: pytest.MonkeyPatch
):
    """
    Also without the gate: then the unique columns refuse, with the same error.

    Usernames that differ in case are different to the database's own column.
    """
    if not has_gate:
        monkeypatch.setattr(gate, "_pass_through", lambda: None)
    names = [f"person{which}" for which in range(AT_ONCE)]
    if field == "username":
        if connections["default"].vendor == "mysql":
            pytest.skip("MySQL refuses usernames that differ in case by itself")
        names = ["".join(_cased("zhang", which)) for which in range(AT_ONCE)]
    users = [people.user(name) for name in names]
    values = [same(field, which) for which in range(AT_ONCE)]
    results = at_once(lambda which: api.register(users[which], **values[which]))
    made = [one for one in results if isinstance(one, Identity)]
    assert len(made) == 1, results
    refused = [one for one in results if not isinstance(one, Identity)]
    if has_gate:
        assert {type(one) for one in refused} == {api.Taken}
        assert {one.field for one in refused} == {field}
    assert Identity.objects.count() == 1
    assert IdentityLedger.objects.count() == 4


def _cased(text: str, which: int) -> list[str]:
    return [
        letter.upper() if which >> place & 1 else letter
        for place, letter in enumerate(text)
    ]


@pytest.mark.clause("A3.1.4")
def test_changes_at_once_all_stay():
    """Each starts from what the one before it left; no seal is of a mixture."""
    one = people.person("zhang", 1)
    fields: list[dict[str, Any]] = [
        {"name": "李四"},
        {"number": "000777"},
        {"duty": "audit"},
        {"resident_id": people.resident_id(9)},
    ]
    results = at_once(
        lambda which: api.change(one, **fields[which]) if which < 4 else None
    )
    assert not [result for result in results if isinstance(result, Exception)]
    found = Identity.objects.get()
    api.verify(found)
    assert (found.name, found.number, found.duty) == ("李四", "000777", "audit")
    assert found.resident_id == people.resident_id(9)
