"""Calls are counted exactly; a warning comes before the block (clause A4.12)."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

pytest.importorskip("rest_framework")

from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from jtsec.audit.coverage import attacks
from jtsec.audit.models import AuditRecord
from jtsec.rest import call_counter
from jtsec.rest.call_counter import count_one, tidy_when_due
from jtsec.rest.models import CallCount
from jtsec.rest.permissions import requires
from jtsec.rest.throttling import CountedThrottle
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered
from tests.rest.callers import caller
from tests.rest.declared import READ

pytestmark = [pytest.mark.clause("A4.12"), pytest.mark.django_db(transaction=True)]
MOMENT = datetime(2026, 11, 22, 12, 0, 20, tzinfo=UTC)


class Things(APIView):
    """Counted with all others."""

    permission_classes = (requires(READ),)
    throttle_classes: tuple[Any, ...] = (CountedThrottle,)

    def get(self, request: HttpRequest) -> Response:
        return Response({})


class Owners(Things):
    """Has a limit of its own."""

    calls = 2


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("things/", Things.as_view()),
    path("owners/", Owners.as_view()),
]


@pytest.fixture(autouse=True)
def site(settings: Any, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811 - a fixture
    """Serve the views in the middle of one minute, at most five calls in it."""
    settings.ROOT_URLCONF = __name__
    settings.SESSION_COOKIE_SECURE = False
    settings.JTSEC_REST_CALLS = 5
    monkeypatch.setattr(call_counter, "now", lambda: MOMENT)
    attacks.forget()


def events(code: str) -> list[dict[str, Any]]:
    """Return the resources of the events of a code."""
    rows = AuditRecord.objects.filter(code=code)
    return [{"resource": row.resource} for row in rows]


def test_a_warning_comes_before_the_block() -> None:
    """At four of five the warning, at the sixth the block; each once."""
    client = caller()
    statuses = [client.get("/things/").status_code for _call in range(5)]
    assert statuses == [200] * 5
    assert len(events("rest:calls:warned")) == 1
    assert events("rest:calls:blocked") == []
    refused = client.get("/things/")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
    assert client.get("/things/").status_code == 429
    assert len(events("rest:calls:warned")) == 1
    (blocked,) = events("rest:calls:blocked")
    assert blocked["resource"].startswith("identity:")


def test_another_caller_is_counted_apart() -> None:
    """And by the account, wherever it is logged in."""
    one, other = caller(), caller(which=1)
    for _call in range(6):
        one.get("/things/")
    assert one.get("/things/").status_code == 429
    assert other.get("/things/").status_code == 200


def test_a_view_has_a_limit_of_its_own() -> None:
    """Which is not that of the others."""
    client = caller()
    assert [client.get("/owners/").status_code for _call in range(3)] == [200, 200, 429]
    assert client.get("/things/").status_code == 200


def test_the_next_minute_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a server whose clock is behind counts in the newest minute."""
    assert [count_one("a", "b") for _call in range(3)] == [1, 2, 3]
    monkeypatch.setattr(call_counter, "now", lambda: MOMENT + timedelta(minutes=1))
    assert count_one("a", "b") == 1
    monkeypatch.setattr(call_counter, "now", lambda: MOMENT)
    assert count_one("a", "b") == 2


def test_a_view_without_the_middleware_is_counted_too(settings: Any) -> None:
    """By the throttle itself."""
    user = registered("tester", 7)
    statuses = []
    for _call in range(3):
        request = APIRequestFactory().get("/owners/")
        force_authenticate(request, user)
        statuses.append(Owners.as_view()(request).status_code)
    assert statuses == [200, 200, 429]


def test_a_call_that_is_rolled_back_is_counted() -> None:
    """Whoever makes a view fail would otherwise call without end."""
    if connection.vendor == "sqlite":
        pytest.skip("one writer: the middleware counts before the transaction")
    with pytest.raises(RuntimeError), transaction.atomic():
        count_one("a", "b")
        raise RuntimeError
    assert count_one("a", "b") == 2


def test_without_the_throttle_nothing_stops_the_calls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away."""
    monkeypatch.setattr(Things, "throttle_classes", ())
    client = caller()
    assert {client.get("/things/").status_code for _call in range(8)} == {200}


@pytest.mark.concurrency
def test_of_many_at_once_exactly_as_many_come_through_as_may() -> None:
    """No number is given out twice, none is left out."""
    given: list[int] = []
    gate = threading.Barrier(12)

    def run() -> None:
        gate.wait()
        try:
            given.extend(count_one("a", "b") for _call in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _one in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(given) == Counter(range(1, 61))


def test_callers_of_yesterday_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once an hour, by a call on its way."""
    count_one("a", "b")
    monkeypatch.setattr(call_counter, "_tidied_at", None)
    monkeypatch.setattr(call_counter, "now", lambda: MOMENT + timedelta(days=2))
    tidy_when_due()
    assert not CallCount.objects.exists()


def test_strangers_are_not_counted_for_anybody() -> None:
    """They are told to log in, before."""
    answer = Client().get("/things/", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert not CallCount.objects.exists()
