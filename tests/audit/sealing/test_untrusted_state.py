"""What stands beside the checkpoints is anybody's: it stops and misleads no sealer."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from django.db import connection, transaction

from jtsec.audit import immutability
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing import intake, sealer
from jtsec.audit.sealing.api import CannotSeal, CheckpointAltered, lag, seal_now
from jtsec.audit.sealing.models import AuditCheckpoint, AuditSealer
from jtsec.audit.verifying.api import Kind, verify
from jtsec.core.clock import now

from .log import grant, require_whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]

SINCE = "2026-11-22T00:00:00.000000Z"


def told() -> list[tuple[str, str]]:
    """Return code and reason of what sealing recorded of itself."""
    rows = AuditRecord.objects.filter(code__startswith="audit:").order_by("id")
    return list(rows.values_list("code", "reason"))


def claim(**changes: Any) -> None:
    """Write a state of the newest checkpoint past the sealer."""
    state = {"number": 1, "gaps": [], "altered": [], "unknown": []} | changes
    AuditSealer.objects.update(state=state)


@pytest.mark.parametrize(
    "state",
    [
        *([], "text", {"number": 1}, {"number": "one"}),
        {"number": 1, "gaps": [[1]], "altered": [], "unknown": []},
        {"number": 1, "gaps": [[1, 2, "never", None]], "altered": [], "unknown": []},
        {"number": 1, "gaps": [], "altered": [[1, 10**12]], "unknown": []},
    ],
    ids=str,
)
def test_a_state_that_is_none_is_made_anew(state: Any):
    """One UPDATE of a table that no trigger protects stopped all sealing, unseen."""
    grant(2)
    seal_now()
    AuditSealer.objects.update(state=state)
    assert verify().findings == ()
    grant(1)
    assert lag().rows == 1
    seal_now()
    require_whole()
    assert told() == []


@pytest.mark.parametrize("low", [1, 3])
def test_no_record_is_sealed_twice_whatever_the_state_calls_a_gap(low: int):
    """Named in two checkpoints it would be missing in one of them, for ever."""
    first = grant(3)[0]
    seal_now()
    claim(gaps=[[first + low - 1, first + low + 1, SINCE, None]])
    grant(2)
    for _again in range(3):
        seal_now()
    require_whole()
    assert verify().findings == ()


def test_without_the_look_at_what_is_sealed_a_state_poisons_the_log(monkeypatch):
    """Remove the protection: our own signature says that records are missing."""
    (one,) = grant(1)
    seal_now()
    claim(gaps=[[one, one, SINCE, None]])
    monkeypatch.setattr(intake, "sealed_among", lambda ids: set())
    seal_now()
    assert set(verify().counts) == {Kind.MISSING}


@pytest.mark.parametrize(
    "troubles", [[], "text", {"sealing": 5, "lag": {}, "clock": {"reason": "x"}}]
)
def test_troubles_that_are_none_stop_nothing(troubles: Any):
    """What was told already is read from the same table."""
    AuditSealer.objects.get_or_create(pk=1)
    AuditSealer.objects.update(troubles=troubles)
    grant(1)
    seal_now()
    require_whole()
    assert told() == []


def test_a_state_that_cannot_be_made_anew_is_an_alarm():
    """An old checkpoint says nothing, and the row is gone."""
    grant(1)
    seal_now()
    grant(1)
    (second,) = seal_now()
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jtsec_auditcheckpoint SET body = %s WHERE number = 1", [b"no"]
        )
    AuditSealer.objects.all().delete()
    grant(1)
    for _again in range(2):
        with pytest.raises(CheckpointAltered, match="checkpoint 1"):
            seal_now()
    assert told() == [("audit:sealing:failed", "checkpoint-altered")]
    assert second == AuditCheckpoint.objects.last()


def test_whatever_stops_the_sealing_is_an_alarm(monkeypatch):
    """Also what nobody has thought of; the next pass tries again."""
    grant(1)

    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("unforeseen")

    with monkeypatch.context() as patched:
        patched.setattr(sealer, "new_records", fail)
        for _again in range(2):
            with pytest.raises(CannotSeal, match="unforeseen"):
                seal_now()
    assert told() == [("audit:sealing:failed", "error")]
    seal_now()
    seal_now()
    require_whole()


@pytest.mark.concurrency
def test_a_sealer_that_hangs_holds_up_no_other_process(monkeypatch):
    """Its row stays locked; who answers requests tells the lag and goes on."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no lock of a row")
    grant(1)
    seal_now()
    hangs, may_end, done = threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        with transaction.atomic():
            AuditSealer.objects.select_for_update().get()
            hangs.set()
            may_end.wait(60)
        connection.close()

    def work() -> None:
        for _again in range(2):
            seal_now()
        done.set()
        connection.close()

    threads = [threading.Thread(target=one) for one in (hang, work)]
    grant(1)
    clock = "jtsec.audit.sealing.lag.now"
    later = now() + timedelta(minutes=5)
    with monkeypatch.context() as patched:
        patched.setattr(clock, lambda: later)
        threads[0].start()
        assert hangs.wait(30)
        threads[1].start()
        came_back = done.wait(20)
        may_end.set()
        for one in threads:
            one.join(60)
    assert came_back
    assert told() == [("audit:sealing:behind", "")]
    seal_now()
    seal_now()
    require_whole()


def test_a_time_to_come_hides_no_lag(monkeypatch):
    """A clock that was ahead wrote down when nothing was left."""
    grant(1)
    seal_now()
    AuditSealer.objects.update(complete_at=now() + timedelta(days=300))
    grant(1)
    later = now() + timedelta(minutes=5)
    monkeypatch.setattr("jtsec.audit.sealing.lag.now", lambda: later)
    assert lag().rows == 1
    assert lag().seconds > 200
