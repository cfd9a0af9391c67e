"""What is used up stays so, also where old nonces were forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jtsec.core.clock import now
from jtsec.rest import nonces
from jtsec.rest.models import NonceHorizon, UsedNonce
from jtsec.rest.nonces import purge, purge_when_due, use_up

pytestmark = [pytest.mark.clause("A4.13"), pytest.mark.django_db(transaction=True)]
HOUR = 3600


def seconds() -> int:
    """Return the present moment as requests tell it."""
    return int(now().timestamp())


def test_a_nonce_is_used_once_a_client() -> None:
    """Two clients may think of the same one."""
    at = seconds()
    assert use_up("a", "nonce", at)
    assert not use_up("a", "nonce", at)
    assert use_up("b", "nonce", at)


def test_what_is_old_is_forgotten_and_what_is_not_stays() -> None:
    """Only what no request can come with any more."""
    at = seconds()
    assert use_up("a", "young", at - 500)
    assert use_up("a", "old", at - HOUR)
    assert purge() == 1
    assert UsedNonce.objects.count() == 1
    assert purge() == 0


def test_a_clock_that_is_set_back_lets_nothing_in_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The horizon remembers up to where was forgotten, whatever the clock says."""
    at = seconds() - HOUR
    assert use_up("a", "nonce", at)
    assert purge() == 1
    monkeypatch.setattr(nonces, "now", lambda: now() - timedelta(hours=1))
    assert not use_up("a", "nonce", at)
    assert not use_up("a", "another", at - 1)
    assert use_up("a", "fresh", at + 1)


def test_without_the_horizon_it_would_come_in_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away."""
    at = seconds() - HOUR
    assert use_up("a", "nonce", at)
    purge()
    monkeypatch.setattr(nonces, "_horizon", lambda alias: 0)
    assert use_up("a", "nonce", at)


def test_a_clock_that_leaps_for_a_moment_shuts_nobody_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The horizon follows what was accepted, not the clock."""
    at = seconds()
    assert use_up("a", "first", at)
    monkeypatch.setattr(nonces, "now", lambda: now() + timedelta(days=365))
    purge()
    monkeypatch.undo()
    assert use_up("a", "second", at + 1)


def test_much_is_forgotten_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody waits long; the horizon never passes what is still there."""
    monkeypatch.setattr(nonces, "BATCH", 2)
    at = seconds() - HOUR
    for number in range(5):
        assert use_up("a", str(number), at + number)
    assert [purge(), purge(), purge(), purge()] == [2, 2, 1, 0]
    assert NonceHorizon.objects.get().signed_at == at + 4


def test_it_is_done_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """By requests on their way; nobody has to remember it."""
    monkeypatch.setattr(nonces, "_purged_at", None)
    assert use_up("a", "old", seconds() - HOUR)
    purge_when_due()
    assert not UsedNonce.objects.exists()
    assert use_up("a", "older", seconds() - HOUR + 1)
    purge_when_due()
    assert UsedNonce.objects.count() == 1
