"""Sealing after responses: when due, never in a transaction, never an error."""

from __future__ import annotations

import pytest

from django.core.signals import request_finished

from jtsec.audit.sealing.api import checkpoints_after, seal_when_due
from jtsec.core import after_responses

from .log import grant, require_whole

pytestmark = pytest.mark.clause("A5.8")


def sealed() -> int:
    """Return how many checkpoints there are."""
    return len(list(checkpoints_after(0)))


@pytest.fixture
def ticks(monkeypatch) -> list[float]:
    """Return the time of the process, to move; it has answered nothing yet."""
    time = [1000.0]
    monkeypatch.setattr(after_responses, "elapsed", lambda: time[0])
    seal_when_due.begin_anew()
    return time


@pytest.mark.django_db(transaction=True)
class TestInOperation:
    """Without a transaction around, as a server has it."""

    def test_a_process_seals_after_a_response_once_in_a_while(self, ticks):
        """After `JTSEC_AUDIT_SEAL_SECONDS`, and then again after as many."""
        grant(1)
        request_finished.send(sender=None)
        ticks[0] += 4
        request_finished.send(sender=None)
        assert sealed() == 0
        ticks[0] += 1
        request_finished.send(sender=None)
        assert sealed() == 1
        grant(1)
        request_finished.send(sender=None)
        assert sealed() == 1
        ticks[0] += 5
        request_finished.send(sender=None)
        assert sealed() == 2
        require_whole()

    def test_a_backlog_is_worked_off_in_portions(self, settings):
        """The thread is wanted for the next request."""
        settings.JTSEC_AUDIT_SEAL_BATCH = 2
        grant(7)
        for expected in (2, 4):
            seal_when_due.come_due()
            seal_when_due()
            assert sealed() == expected
        require_whole()

    def test_a_failure_is_no_error_of_the_response(self, caplog, use_ring):
        """The client has its answer; the log has the failure."""
        from jtsec.keys.key import Purpose

        grant(1)
        use_ring(without=(Purpose.AUDIT_SIGNATURE,))
        seal_when_due.come_due()
        request_finished.send(sender=None)
        assert "sealing after a response failed" in caplog.text
        assert sealed() == 0


@pytest.mark.django_db
def test_in_a_testcase_it_does_nothing():
    """An adopter's tests count their records, and are not sealed."""
    grant(1)
    seal_when_due.come_due()
    seal_when_due()
    assert sealed() == 0


def test_without_a_database_a_response_is_a_response():
    """A SimpleTestCase may not ask any."""
    seal_when_due.come_due()
    seal_when_due()
