"""Sealing after responses: when due, never in a transaction, never an error."""

from __future__ import annotations

import asyncio

import pytest

from django.core.signals import request_finished
from django.db import connection, transaction

from jtsec.audit.sealing import responses
from jtsec.audit.sealing.api import checkpoints_after, seal_when_due
from jtsec.audit.sealing.responses import _Due

from .log import grant, require_whole

pytestmark = pytest.mark.clause("A5.8")


def sealed() -> int:
    """Return how many checkpoints there are."""
    return len(list(checkpoints_after(0)))


@pytest.fixture
def ticks(monkeypatch) -> list[float]:
    """Return the time of the process, to move; it has begun to answer requests."""
    time = [1000.0]
    monkeypatch.setattr(responses, "elapsed", lambda: time[0])
    due = _Due()
    monkeypatch.setattr(responses, "_due", due)
    assert not due.claim(5)
    return time


@pytest.mark.django_db(transaction=True)
class TestInOperation:
    """Without a transaction around, as a server has it."""

    def test_a_process_seals_after_a_response_once_in_a_while(self, ticks):
        """After `JTSEC_AUDIT_SEAL_SECONDS`, and then again after as many."""
        grant(1)
        request_finished.send(sender=None)
        assert sealed() == 0
        ticks[0] += 5
        request_finished.send(sender=None)
        assert sealed() == 1
        grant(1)
        request_finished.send(sender=None)
        assert sealed() == 1
        ticks[0] += 5
        request_finished.send(sender=None)
        assert sealed() == 2
        require_whole()

    def test_a_backlog_is_worked_off_in_portions(self, ticks, settings):
        """The thread is wanted for the next request."""
        settings.JTSEC_AUDIT_SEAL_BATCH = 2
        grant(7)
        ticks[0] += 5
        seal_when_due()
        assert sealed() == 2
        for _again in range(2):
            ticks[0] += 5
            seal_when_due()
        require_whole()

    def test_a_failure_is_no_error_of_the_response(self, ticks, caplog, use_ring):
        """The client has its answer; the log has the failure."""
        from jtsec.keys.key import Purpose

        grant(1)
        use_ring(without=(Purpose.AUDIT_SIGNATURE,))
        ticks[0] += 5
        request_finished.send(sender=None)
        assert "sealing after a response failed" in caplog.text
        assert sealed() == 0

    def test_a_connection_that_it_opened_is_given_back(self, ticks):
        """Django has closed its connections before, and would not come again."""
        grant(1)
        connection.close()
        ticks[0] += 5
        request_finished.send(sender=None)
        assert connection.connection is None
        assert sealed() == 1

    def test_inside_of_a_transaction_it_waits(self, ticks):
        """What is in it may still be rolled back."""
        with transaction.atomic():
            grant(1)
            ticks[0] += 5
            seal_when_due()
            assert sealed() == 0

    def test_on_an_event_loop_it_waits(self, ticks):
        """Which must not be blocked."""
        grant(1)
        ticks[0] += 5

        async def finish() -> None:
            seal_when_due()

        asyncio.run(finish())
        assert sealed() == 0


@pytest.mark.django_db
def test_in_a_testcase_it_does_nothing(ticks):
    """An adopter's tests count their records, and are not sealed."""
    grant(1)
    ticks[0] += 5
    seal_when_due()
    assert sealed() == 0


def test_without_a_database_a_response_is_a_response(ticks, caplog):
    """A SimpleTestCase may not ask any."""
    ticks[0] += 5
    seal_when_due()
