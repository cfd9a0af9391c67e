"""Real requests through Django: rolled back views, streams, the asynchronous stack."""

from __future__ import annotations

import pytest

from django.db import connections
from django.test import AsyncClient, Client

from jtsec.audit.models import AuditRecord
from tests.audit.site import run

MIDDLEWARE = "tests.audit.site.BoundaryMiddleware"


@pytest.fixture(autouse=True)
def site(settings, transactional_db, monkeypatch):
    """Serve the small site with a transaction around each view."""
    settings.ROOT_URLCONF = "tests.audit.site"
    settings.MIDDLEWARE = [MIDDLEWARE]
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", True)


def found() -> list[tuple[str, str]]:
    """Return outcome and resource of what was recorded."""
    rows = AuditRecord.objects.order_by("id")
    return list(rows.values_list("outcome", "resource"))


@pytest.mark.clause("A5.1")
def test_a_view_that_is_rolled_back_keeps_its_refusal():
    """ATOMIC_REQUESTS undoes the success and not the refusal."""
    response = Client().get("/refuse/", REMOTE_ADDR="10.9.8.7")
    assert response.status_code == 403
    assert found() == [("refused", "refused")]
    assert AuditRecord.objects.get().source_address == "10.9.8.7"


def test_without_the_boundary_the_view_writes_its_refusal_apart(settings):
    """Without the middleware the refusal needs a second connection."""
    settings.MIDDLEWARE = []
    if connections["default"].vendor == "sqlite":
        pytest.skip("the view's own write locks the one writer SQLite has")
    assert Client().get("/refuse/").status_code == 403
    assert found() == [("refused", "refused")]


def test_events_of_a_stream_are_written_at_once():
    """The boundary has ended when a stream is read; nothing waits for it."""
    response = Client().get("/stream/")
    assert found() == []
    assert b"".join(response.streaming_content) == b"onetwo"  # type: ignore[attr-defined]  # the client's response is a stream here
    assert found() == [("refused", "streamed"), ("done", "streamed")]


def test_an_asynchronous_view_keeps_its_refusal(monkeypatch):
    """Held on the loop, written in the thread that owns the connection."""
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", False)
    response = run(AsyncClient().get("/refuse-async/"))
    assert response.status_code == 403
    assert sorted(found()) == [("done", "awaited"), ("refused", "refused")]


def test_a_synchronous_view_in_an_asynchronous_stack_keeps_its_refusal():
    """The view runs in a thread; the boundary travels with the context."""
    response = run(AsyncClient().get("/refuse/"))
    assert response.status_code == 403
    assert found() == [("refused", "refused")]
