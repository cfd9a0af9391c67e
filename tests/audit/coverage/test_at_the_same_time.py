"""Writers at the same instant: every before is what the table held."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from django.db import connection, connections, transaction
from django.db.models import F

from jtsec.audit.coverage import updates
from tests.audit.coverage.models import Guard, Station

pytestmark = [
    pytest.mark.concurrency,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("registered"),
    pytest.mark.clause("A5.1", "A5.2"),
]

WRITERS = 4
TIMES = 10


def at_once(work: Callable[[int], None]) -> list[BaseException]:
    """Let so many threads do the same at the same instant; return what they raised."""
    ready = threading.Barrier(WRITERS)
    raised: list[BaseException] = []

    def run(number: int) -> None:
        try:
            ready.wait()
            for _ in range(TIMES):
                work(number)
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(WRITERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return raised


@pytest.fixture(params=["told", "read"])
def way(request, monkeypatch):
    """Let the statement tell the old values, and make it read them first."""
    if request.param == "read":
        monkeypatch.setattr(updates, "TELLS_OLD_VALUES", 10**9)
    return request.param


def test_no_change_is_told_with_a_before_that_never_was(told, way):
    """Forty changes of one row are forty steps, none missing and none twice."""
    guard = Guard.objects.create(name="zhang", rank=0)
    told()

    def work(number):
        Guard.objects.filter(pk=guard.pk).update(rank=F("rank") + 1)

    assert at_once(work) == []
    steps = sorted((one.before["rank"], one.after["rank"]) for one in told())
    assert steps == [(n, n + 1) for n in range(WRITERS * TIMES)]


def test_stale_instances_are_told_by_the_table(told, way):
    """Each saves what it loaded long ago; the chain of events has no gap."""
    guard = Guard.objects.create(name="zhang", rank=0)
    told()

    def work(number):
        mine = Guard.objects.get(pk=guard.pk)
        mine.rank = number * 1000 + mine.rank % 1000 + 1
        mine.save()

    assert at_once(work) == []
    held = 0
    for one in order_of_change(told(), guard):
        assert one.before["rank"] == held
        held = one.after["rank"]


def order_of_change(events, guard):
    """Return the events as they follow each other, by their values."""
    left = list(events)
    held, found = 0, []
    while left:
        following = next((one for one in left if one.before.get("rank") == held), None)
        assert following is not None, f"nothing follows {held}: {left}"
        left.remove(following)
        found.append(following)
        held = following.after["rank"]
    guard.refresh_from_db()
    assert held == guard.rank
    return found


def test_updates_of_many_rows_meet_without_loss(told, way):
    """Pieces of several updates over the same rows; each row counts every step."""
    Station.objects.bulk_create(Station(name=f"s{n}") for n in range(6))
    for n in range(6):
        Guard.objects.create(name=f"g{n}", rank=0)
    told()

    def work(number):
        with transaction.atomic():
            Guard.objects.filter(rank__gte=0).order_by().update(rank=F("rank") + 1)

    raised = [str(one) for one in at_once(work)]
    # Two transactions that lock the same rows in another order: the database ends one.
    assert [one for one in raised if "deadlock" not in one.lower()] == []
    ranks = dict(Guard.objects.values_list("name", "rank"))
    events = told()
    assert len(events) == sum(ranks.values())
    assert connection.in_atomic_block is False


def test_a_row_that_all_insert_or_overwrite_is_created_once(told):
    """One of them made it; what the others tell of is what it held before."""
    if connection.vendor == "mysql":
        pytest.skip("MySQL does not tell which rows were new")
    turns = [0] * WRITERS

    def work(number):
        turn, turns[number] = turns[number], turns[number] + 1
        Guard.objects.bulk_create(
            [Guard(name=f"g{turn}", rank=number + 1)],
            update_conflicts=True,
            update_fields=["rank"],
            unique_fields=["name"],
        )

    assert at_once(work) == []
    created = [one.after["name"] for one in told() if one.code == "model:created"]
    assert sorted(created) == sorted(set(created))
    assert len(created) == TIMES
