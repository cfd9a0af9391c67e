"""Registered functions: each call with its outcome; a core one in full or not."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync

from django.core.exceptions import PermissionDenied

from jtsec.audit import writer
from jtsec.audit.api import AuditUnavailable, boundary
from jtsec.audit.coverage import functions
from jtsec.audit.coverage.api import audit_function, job
from jtsec.audit.table import insert
from jtsec.core.exceptions import Refused
from tests.audit.coverage.models import Station

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A5.1")]


@audit_function(
    "tests.rename", arguments=("name",), resource="plainapp.station:{station}"
)
def rename(station: Station, name: str, secret: str = "") -> str:
    """Rename a station, or fail in one of several ways."""
    if name == "refused":
        raise Refused("not-now")
    if name == "denied":
        raise PermissionDenied
    if name == "broken":
        raise ZeroDivisionError("secret words")
    station.name = name
    station.save()
    return name


@audit_function("tests.core-rename", core=True, arguments=None)
def core_rename(station: Station, name: str) -> None:
    """Rename a station, which is a core function."""
    Station.objects.filter(pk=station.pk).update(name=name)
    if name == "broken":
        raise ZeroDivisionError


@audit_function("tests.late", core=True, arguments=("number",))
async def late(number: int) -> int:
    """Return a number, or fail, in a coroutine."""
    if number < 0:
        raise ValueError
    return number


@pytest.fixture
def station(db):
    """Return a station."""
    return Station.objects.create(name="north")


def test_a_call_is_told_with_what_was_chosen(told, station):
    """The chosen arguments, encrypted; the others not at all."""
    assert rename(station, "south", secret="hush") == "south"
    (event,) = told()
    assert event.code == "function:called"
    assert event.resource == f"plainapp.station:{station.pk}"
    assert event.data["function"] == "tests.rename"
    assert event.sealed == {"arguments": {"name": "south"}}
    assert "south" not in str(event.payload["data"])


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("refused", "function:refused", "not-now"),
        ("denied", "function:refused", "PermissionDenied"),
        ("broken", "function:failed", "ZeroDivisionError"),
    ],
)
def test_what_did_not_work_is_told_with_its_reason(told, station, name, code, reason):
    """Refused and failed, by the kind of the error and never by its words."""
    with boundary(), pytest.raises((Refused, PermissionDenied, ZeroDivisionError)):
        rename(station, name)
    (event,) = told()
    assert (event.code, event.row.reason) == (code, reason)
    assert "secret words" not in str(event.payload)


@pytest.mark.clause("A5.5")
def test_a_core_function_is_told_as_such(told, station):
    """All arguments, and the mark of a core function."""
    core_rename(station, "south")
    (event,) = told()
    assert event.code == "core-function:called"
    assert event.payload["core"] is True
    assert event.sealed["arguments"] == {
        "station": f"plainapp.station:{station.pk}",
        "name": "south",
    }


@pytest.mark.clause("A5.5")
def test_a_core_function_that_fails_changes_nothing(told, station):
    """One transaction with its event: what failed is undone, and told."""
    with boundary(), pytest.raises(ZeroDivisionError):
        core_rename(station, "broken")
    assert [one.code for one in told()] == ["core-function:failed"]
    station.refresh_from_db()
    assert station.name == "north"


@pytest.mark.clause("A5.5")
def test_a_core_function_that_cannot_be_told_is_undone(station, monkeypatch):
    """The protection at work: no event, no change, and the caller knows."""

    def full(rows, using):
        raise OSError("disk full")

    monkeypatch.setattr(writer, "insert", full)
    with pytest.raises(AuditUnavailable):
        core_rename(station, "south")
    monkeypatch.setattr(writer, "insert", insert)
    station.refresh_from_db()
    assert station.name == "north"


def test_coroutines_are_told_too(told):
    """Success and failure of an asynchronous core function."""
    assert async_to_sync(late)(5) == 5
    with pytest.raises(ValueError):
        async_to_sync(late)(-1)
    events = told()
    assert [one.code for one in events] == [
        "core-function:called",
        "core-function:failed",
    ]
    assert events[0].sealed == {"arguments": {"number": 5}}


@pytest.mark.clause("A5.3")
def test_a_policy_switches_optional_recordings_off_and_core_ones_not(
    told, station, monkeypatch
):
    """Who decides is asked for what is optional only."""
    asked = []

    def no(kind, actor):
        asked.append(kind)
        return False

    monkeypatch.setattr(functions, "wants", no)
    rename(station, "south")
    core_rename(station, "east")
    assert [one.code for one in told()] == ["core-function:called"]
    assert asked == ["function:tests.rename"]


def test_an_argument_that_is_not_there_is_an_error():
    """A misspelt name would leave the log silent about what matters."""
    with pytest.raises(TypeError, match="nmae"):
        audit_function("tests.wrong", arguments=("nmae",))(lambda name: None)


def test_what_cannot_be_shown_does_not_break_the_call(told):
    """Any object may be an argument; long lists are cut, querysets not run."""

    @audit_function("tests.anything", arguments=None)
    def anything(*args, **kwargs):
        return len(args)

    assert anything(object(), list(range(99)), rows=Station.objects.all()) == 2
    (event,) = told()
    arguments = event.sealed["arguments"]
    assert arguments["rows"] == "plainapp.station:*"
    assert arguments["args"][0] == "<object>"
    assert arguments["args"][1][-1] == "… 99"


def test_a_job_has_a_name(told, station):
    """A background job is a system actor, as a decorator and as a block."""

    @job("tests.nightly")
    def nightly():
        rename(station, "night")

    nightly()
    (event,) = told()
    assert event.payload["actor"]["kind"] == "system"
    assert event.payload["actor"]["username"] == "tests.nightly"
