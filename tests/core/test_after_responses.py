"""What is done after responses: when due, by one thread, at nobody's expense."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from django.core.signals import request_finished
from django.db import connections, transaction

from jtsec.audit.alarms.after_responses import SENDING
from jtsec.audit.models import AuditRecord
from jtsec.core import after_responses
from jtsec.core.after_responses import AfterResponses
from jtsec.core.clock import now
from jtsec.keys.usage.models import KeyUsage

pytestmark = pytest.mark.django_db(transaction=True)

ALL = {
    f"jtsec.{name}"
    for name in (
        "audit.alarms",
        "audit.rules.due.watch_when_due",
        "audit.sealing",
        "keys.usage.flush_if_due",
        "protection.watching",
        "secrets.age_alarm",
    )
}


def connected() -> Iterator[AfterResponses]:
    """Yield all work that is connected to the end of a response."""
    for (name, _sender), receiver, *_ in request_finished.receivers:
        if str(name).startswith("jtsec."):
            work = receiver()
            assert isinstance(work, AfterResponses), name
            yield work


def due(work: Callable[[], object], every: float = 0) -> AfterResponses:
    """Return work that the next response does, and then one in so many seconds."""
    made = AfterResponses(
        work,
        every=lambda: every,
        failure="it failed",
        logger=logging.getLogger("tests"),
    )
    made.come_due()
    return made


def on_a_loop(work: AfterResponses) -> None:
    """Call it where an event loop runs."""

    async def finish() -> None:
        work()

    asyncio.run(finish())


def left_open(work: AfterResponses) -> int:
    """Return how many connections it leaves in a thread that no request owns."""
    left: list[int] = []

    def call() -> None:
        work()
        open_ones = [one for one in connections.all(True) if one.connection is not None]
        left.append(len(open_ones))
        connections.close_all()

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    return left[0]


def test_everything_after_responses_is_of_this_one_kind() -> None:
    """Six controls have something to do; none goes a way of its own."""
    assert len(list(connected())) == len(ALL)
    assert {key[0] for key, *_ in request_finished.receivers} >= ALL


def test_it_is_done_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after the first response of a process, and not again before it is due."""
    moment, done = [0.0], []
    monkeypatch.setattr(after_responses, "elapsed", lambda: moment[0])
    work = due(lambda: done.append(moment[0]), every=5)
    work.begin_anew()
    for at in (100.0, 104.0, 105.0, 109.0, 110.0):
        moment[0] = at
        work(sender=None)
    assert done == [105.0, 110.0]


def test_a_failure_reaches_the_log_and_nobody_else(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither that of the work nor that of finding out whether it is due."""
    due(lambda: 1 / 0)()
    work = due(lambda: None)
    monkeypatch.setattr(work, "_every", lambda: 1 / 0)
    work()
    assert [one.message for one in caplog.records] == ["it failed"] * 2
    assert all(one.exc_info for one in caplog.records)


@pytest.mark.concurrency
@pytest.mark.parametrize("is_protected", [True, False])
def test_a_process_never_does_it_twice_at_once(
    is_protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes while another thread is at it goes on; then the lock taken away."""
    entered, is_begun, may_end = [], threading.Event(), threading.Event()

    def take_long() -> None:
        entered.append(threading.get_ident())
        is_begun.set()
        if len(entered) == 1:
            may_end.wait(20)

    work = due(take_long)
    if not is_protected:
        monkeypatch.setattr(work, "_turn", threading.Semaphore(2))
    first = threading.Thread(target=work)
    first.start()
    assert is_begun.wait(20)
    work()
    assert len(entered) == (1 if is_protected else 2)
    may_end.set()
    first.join()


def test_an_event_loop_runs_on(caplog: pytest.LogCaptureFixture) -> None:
    """A stream of an asynchronous view ends there; databases refuse to be asked."""
    for work in connected():
        work.come_due()
        on_a_loop(work)
    assert caplog.records == []


def test_without_a_look_for_the_loop_the_work_is_refused(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check taken away: the turn is used up, and nothing is done."""
    monkeypatch.setattr(after_responses, "is_in_event_loop", lambda: False)
    on_a_loop(due(AuditRecord.objects.count))
    assert "SynchronousOnlyOperation" in caplog.text


def test_no_connection_stays_in_a_thread_of_a_pool() -> None:
    """Whatever is done; Django has closed its own before, and does not come again."""
    for work in connected():
        work.come_due()
        assert left_open(work) == 0
    SENDING.wait()


def test_without_its_closing_a_connection_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away."""
    monkeypatch.setattr(after_responses, "leaves_no_connection", lambda work: work)
    assert left_open(due(AuditRecord.objects.count)) == 1


@pytest.mark.parametrize("is_protected", [True, False])
def test_what_is_done_cannot_be_undone(
    is_protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the end of a transaction; then, without that, it is lost with it."""
    rows = iter(["a", "b"])
    work = due(
        lambda: KeyUsage.objects.create(key_id=next(rows), counted_at=now()), every=60
    )
    if not is_protected:
        monkeypatch.setattr(after_responses, "_is_free", lambda: True)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        work()
        raise ZeroDivisionError
    work()
    assert KeyUsage.objects.count() == (1 if is_protected else 0)
