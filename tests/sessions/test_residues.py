"""What a session left elsewhere goes with it; where it does not, somebody is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from django.db import connection
from django.test import Client

from jtsec.audit.models import AuditRecord
from jtsec.sessions import residues
from jtsec.sessions.api import EndReason, end_all, live_sessions, on_ended
from tests.authentication.persons import registered

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.4")]


def test_a_removal_is_told_of_every_session_that_ends(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """By its stored key; also of a key that was changed, as a new password does."""
    settings.JTSEC_SESSIONS_PER_USER = 2
    monkeypatch.setattr(residues, "_removals", {})
    told: list[str] = []

    def removal(digests: Sequence[str]) -> None:
        told.extend(digests)

    on_ended("of the test", removal)
    user = registered("leaver", 1)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    keys = [one.pk for one in live_sessions(user)]
    store: Any = clients[0].session
    store.load_once()
    store.cycle_key()
    assert len(told) == 1
    assert told[0] in keys
    assert end_all(user, why=EndReason.DEACTIVATED) == 2
    assert len(told) == 3


def test_a_removal_that_fails_is_an_alarm_and_the_session_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Even one whose SQL breaks the transaction; the others are still called."""
    monkeypatch.setattr(residues, "_removals", {})
    told: list[str] = []

    def broken(digests: Sequence[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    on_ended("what is broken", broken)
    on_ended("what is whole", told.extend)
    user = registered("leaver", 1)
    Client().force_login(user)
    assert end_all(user, why=EndReason.DEACTIVATED) == 1
    assert not live_sessions(user).exists()
    assert len(told) == 1
    (event,) = AuditRecord.objects.filter(code="sessions:session:residue-left")
    assert "what is broken" in bytes(event.payload).decode()
