"""Broken rows that nobody loads are found by looks after the responses."""

from __future__ import annotations

import pytest

from django.core.signals import request_finished

from jtsec.audit.models import AuditRecord
from jtsec.core import after_responses
from jtsec.protection import watching
from jtsec.protection.declaration import sealed_models
from jtsec.protection.rounds import Rounds
from tests.plainapp.models import Ledger
from tests.protection.tampering import put, put_back, remove, stored

pytestmark = pytest.mark.clause("A6.2")
AROUND = range(len(sealed_models()))
"""Looks that come round to every table, where each has few rows."""

on_rows = pytest.mark.django_db


def make(count: int) -> list[Ledger]:
    """Return new rows."""
    return list(Ledger.objects.bulk_create(Ledger(pk=n) for n in range(1, count + 1)))


def told(code: str) -> list[str]:
    """Return the resources that events of a code name."""
    found = AuditRecord.objects.filter(code=code).order_by("id")
    return list(found.values_list("resource", flat=True))


@on_rows
def test_a_round_finds_each_broken_row_once() -> None:
    """A few rows a look, on behind the last; an alarm is not repeated."""
    rows = make(10)
    put(rows[1], text="x")
    put(rows[8], text="x")
    rounds = Rounds()
    assert [rounds.look(4) for _ in range(3)] == [1, 0, 1]
    assert [rounds.look(100) for _ in range(9)] == [0] * 9
    assert told("protection:row:altered") == ["plainapp.ledger:2", "plainapp.ledger:9"]


@on_rows
def test_a_round_ends_with_the_root() -> None:
    """Rows put back and rows removed are found, and a sound root is remembered once."""
    rows = make(5)
    rounds = Rounds()
    for _ in AROUND:
        rounds.look(100)
    for _ in AROUND:
        rounds.look(100)
    assert told("protection:table:sound") == ["plainapp.ledger"]
    old = stored(rows[0])
    rows[0].text = "newer"
    rows[0].save()
    remove(rows[0])
    assert sum(rounds.look(100) for _ in AROUND) == 1
    put_back(Ledger, old)
    assert sum(rounds.look(100) for _ in AROUND) == 1
    assert told("protection:table:altered") == ["plainapp.ledger"] * 2


@on_rows
def test_what_is_written_during_a_round_accuses_nobody() -> None:
    """The root has moved, so nothing is said of the whole."""
    rows = make(6)
    rounds = Rounds()
    rounds.look(2)
    rows[0].text = "newer"
    rows[0].save()
    Ledger.objects.create(pk=7)
    for _ in range(9):
        assert rounds.look(2) == 0
    assert told("protection:table:altered") == []


@pytest.mark.django_db(transaction=True)
def test_a_look_follows_a_response_when_it_is_time(monkeypatch, settings) -> None:
    """After `JTSEC_PROTECTION_WATCH_SECONDS`, and not too soon."""
    settings.JTSEC_PROTECTION_WATCH_SECONDS = 30
    monkeypatch.setattr(watching, "ROUNDS", Rounds())
    moment = [100.0]
    monkeypatch.setattr(after_responses, "elapsed", lambda: moment[0])
    (row,) = make(1)
    put(row, text="x")
    watching.look_when_due.begin_anew()
    watching.look_when_due()
    moment[0] += 29
    watching.look_when_due()
    assert told("protection:row:altered") == []
    moment[0] += 1
    watching.look_when_due()
    assert told("protection:row:altered") == ["plainapp.ledger:1"]


@pytest.mark.django_db(transaction=True)
def test_a_look_that_fails_takes_nothing_with_it(monkeypatch, caplog) -> None:
    """The response is out; the log says what went wrong."""
    monkeypatch.setattr(Rounds, "look", lambda self, rows: 1 / 0)
    watching.look_when_due.come_due()
    watching.look_when_due()
    assert "could not be looked at" in caplog.text


def test_looks_are_connected() -> None:
    """Without its connection nothing would be found."""
    receivers = {key[0] for key, *_ in request_finished.receivers}
    assert "jtsec.protection.watching" in receivers
