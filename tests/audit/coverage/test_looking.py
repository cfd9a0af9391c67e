"""Important queries and registered pages: who looked at what, asking for what."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync

from django.core.paginator import Paginator
from django.db import connection, connections
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext

from jtsec.audit.coverage import queries
from jtsec.audit.coverage.api import audit_query, note_look
from tests.audit.coverage.models import Guard, Station
from tests.audit.site import run

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A5.1")]

MIDDLEWARE = ["tests.audit.coverage.site.WatchMiddleware"]


@pytest.fixture
def stations(told):
    """Make five stations."""
    made = [Station.objects.create(name=f"s{number}") for number in range(5)]
    told()
    return made


@pytest.fixture
def client(settings):
    """Return a client of the small site."""
    settings.ROOT_URLCONF = "tests.audit.coverage.site"
    settings.MIDDLEWARE = MIDDLEWARE
    return Client()


def resource(station):
    """Return the resource of a station."""
    return f"plainapp.station:{station.pk}"


def test_what_is_fetched_is_told_once(told, stations):
    """Conditions, number and keys, by one INSERT, though read twice."""
    rows = audit_query(Station.objects.filter(name__in=["s1", "s2"]).order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        assert [one.name for one in rows] == ["s1", "s2"]
        assert len(rows) == 2
    # What the policies say is read again now and then, whoever asks, at a savepoint of
    # its own; it is not counted. Nothing else is left out.
    words = [query["sql"].split()[0] for query in asked if "policy" not in query["sql"]]
    assert [word for word in words if word not in {"SAVEPOINT", "RELEASE"}] == [
        "SELECT",
        "INSERT",
    ]


def test_a_page_is_told_and_a_count_is_not(told, stations):
    """A slice records what it fetched; counting shows nobody's record."""
    page = Paginator(audit_query(Station.objects.order_by("pk")), 2).get_page(2)
    assert told() == []
    assert len(list(page.object_list)) == 2
    (event,) = told()
    assert event.data["keys"] == [str(one.pk) for one in stations[2:4]]


def test_every_way_of_fetching_is_told(told, stations):
    """get, first, iterator, values, and their asynchronous twins."""
    rows = audit_query(Station.objects.order_by("pk"))
    rows.get(pk=stations[0].pk)
    rows.first()
    list(rows.iterator())
    list(rows.filter(name="s1").values("name"))
    list(rows.values_list("name", flat=True))

    async def work():
        await rows.aget(pk=stations[0].pk)
        return [one async for one in rows.aiterator()]

    assert len(async_to_sync(work)()) == 5
    assert [one.data["found"] for one in told()] == [1, 1, 5, 1, 5, 1, 5]


def test_the_text_behind_an_encrypted_field_is_not_told_by_itself(told):
    """The query holds its index only; the caller's own words are encrypted."""
    Guard.objects.create(name="zhang", phone="13800000000")
    list(audit_query(Guard.objects.filter(phone="13800000000")))
    asked = {"phone": "13800000000"}
    list(audit_query(Guard.objects.filter(**asked), conditions=asked))
    first, second = told()
    assert first.sealed == {"conditions": {"phone__in": "(encrypted)"}}
    assert second.sealed == {"conditions": asked}
    assert "13800000000" not in str(second.payload["data"])


def test_a_look_told_by_hand_counts_all_and_names_some(told, stations, monkeypatch):
    """Only the first keys are kept of many."""
    monkeypatch.setattr(queries, "MOST_KEYS", 2)
    note_look(Station, rows=stations, found=40, conditions={"name": "s"})
    (event,) = told()
    assert (event.data["found"], len(event.data["keys"])) == (40, 2)


def test_a_look_at_one_record_names_it(told, stations, client):
    """A class-based detail page: the resource is the record."""
    assert client.get(f"/detail/{stations[3].pk}/").content == b"s3"
    (event,) = told()
    assert (event.code, event.resource) == ("records:viewed", resource(stations[3]))


def test_a_list_page_is_told_with_its_conditions(told, stations, client):
    """A view that writes nothing else leaves its event all the same."""
    assert client.get("/list/?name=s&page=1").content == b"s0,s1"
    (event,) = told()
    assert event.sealed == {"conditions": {"name__contains": "s"}}
    assert event.data["found"] == 2


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "function:called"),
        (403, "function:refused"),
        (404, "function:failed"),
        (400, "function:failed"),
    ],
)
def test_a_registered_page_is_told_by_its_answer(told, stations, client, key, code):
    """Below 400 it worked; 403 is a refusal, also by exception."""
    client.get(f"/stations/{key or stations[0].pk}/")
    event = next(one for one in told() if one.code.startswith("function"))
    assert event.code == code
    assert event.resource == f"plainapp.station:{key or stations[0].pk}"


@pytest.mark.django_db(transaction=True)
def test_an_asynchronous_page_is_told(settings, told):
    """A core page of a coroutine."""
    settings.ROOT_URLCONF = "tests.audit.coverage.site"
    settings.MIDDLEWARE = MIDDLEWARE
    response = run(AsyncClient().get("/core/7/"))
    connections.close_all()
    assert response.content == b"7"
    (event,) = told()
    assert event.code == "core-function:called"
    assert event.sealed == {"arguments": {"pk": 7}}


@pytest.mark.clause("A5.3")
def test_a_policy_may_leave_looks_out(told, stations, monkeypatch):
    """Looking is optional where an auditor says so."""
    monkeypatch.setattr(queries, "wants", lambda kind, actor: False)
    list(audit_query(Station.objects.all()))
    assert told() == []
