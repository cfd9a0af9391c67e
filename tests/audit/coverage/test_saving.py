"""One row at a time: every way of the ORM leaves before and after."""

from __future__ import annotations

from inspect import unwrap

import pytest

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Upper

from jtsec.audit import writer
from jtsec.audit.api import AuditUnavailable
from jtsec.audit.models import AuditRecord
from tests.audit.coverage.models import (
    Chief,
    Guard,
    ListedGuard,
    Note,
    Shift,
    Skill,
    Station,
    Unwatched,
)

pytestmark = [
    pytest.mark.usefixtures("registered"),
    pytest.mark.clause("A5.1", "A5.2", "T7.6"),
]


def brief(events):
    """Return code and resource of events."""
    return [(one.code, one.resource) for one in events]


def test_a_new_row_is_told_with_what_it_holds(told):
    """Created: every recorded field, the encrypted one encrypted."""
    station = Station.objects.create(name="north")
    told()
    guard = Guard.objects.create(
        name="zhang", phone="13800000000", station=station, settings={"b": 1.5, "a": []}
    )
    (event,) = told()
    assert brief([event]) == [("model:created", f"plainapp.guard:{guard.pk}")]
    assert event.after["name"] == "zhang"
    assert event.after["station"] == f"plainapp.station:{station.pk}"
    assert event.after["settings"] == '{"a": [], "b": 1.5}'
    assert event.after["phone"] == "13800000000"
    assert "phone" not in event.data["after"]
    assert "phone_index" not in event.after
    assert event.after["made_at"]
    assert event.after["password"] == "***"


def test_a_change_tells_only_what_differs(told):
    """Changed: two fields of ten, with both values."""
    guard = Guard.objects.create(name="zhang", phone="13800000000")
    told()
    guard.rank, guard.phone = 3, "13911111111"
    guard.save()
    (event,) = told()
    assert brief([event]) == [("model:changed", f"plainapp.guard:{guard.pk}")]
    assert event.before == {"rank": 1, "phone": "13800000000"}
    assert event.after == {"rank": 3, "phone": "13911111111"}
    assert event.sealed["sensitive_before"] == {"phone": "13800000000"}


def test_a_change_that_changed_nothing_tells_nothing(told):
    """Saving what is there already is no event."""
    guard = Guard.objects.create(name="zhang", settings={"a": 1})
    told()
    guard.save()
    guard.rank = "1"
    guard.save()
    Guard.objects.filter(pk=guard.pk).update(name="zhang")
    assert told() == []


def test_the_value_before_is_what_the_table_held(told):
    """Not what the instance was loaded with: somebody else has been there since."""
    guard = Guard.objects.create(name="zhang")
    stale = Guard.objects.get(pk=guard.pk)
    Guard.objects.filter(pk=guard.pk).update(rank=5)
    told()
    stale.name = "li"
    stale.save()
    (event,) = told()
    assert event.before == {"name": "zhang", "rank": 5}
    assert event.after == {"name": "li", "rank": 1}


def test_chosen_fields_are_saved_and_told_alone(told):
    """update_fields writes one column; another change in memory is not told."""
    guard = Guard.objects.create(name="zhang")
    told()
    guard.name, guard.rank = "li", 9
    guard.save(update_fields=["rank"])
    (event,) = told()
    assert (event.before, event.after) == ({"rank": 1}, {"rank": 9})


def test_a_deleted_row_is_told_with_what_it_held(told):
    """Deleted: the last values, also of the encrypted field."""
    guard = Guard.objects.create(name="zhang", phone="13800000000", photo=b"\x00\x01")
    key = guard.pk
    told()
    guard.delete()
    (event,) = told()
    assert brief([event]) == [("model:deleted", f"plainapp.guard:{key}")]
    assert event.before["phone"] == "13800000000"
    assert event.before["photo"].startswith("sm3:")


def test_a_password_is_never_told(told):
    """Neither the old one nor the new one; that it changed is."""
    guard = Guard.objects.create(name="zhang", password="old")
    told()
    guard.password = "new"
    guard.save()
    (event,) = told()
    assert (event.before, event.after) == ({"password": "***"}, {"password": "***"})


def test_get_or_create_and_update_or_create_are_told(told):
    """The ways that look before they write."""
    Guard.objects.get_or_create(name="zhang", defaults={"rank": 2})
    Guard.objects.get_or_create(name="zhang", defaults={"rank": 3})
    Guard.objects.update_or_create(name="zhang", defaults={"rank": 4})
    events = told()
    assert [one.code for one in events] == ["model:created", "model:changed"]
    assert (events[1].before, events[1].after) == ({"rank": 2}, {"rank": 4})


def test_an_expression_is_told_by_what_came_of_it(told):
    """F() and functions are computed by the database, and read from it."""
    guard = Guard.objects.create(name="zhang")
    told()
    guard.rank = F("rank") + 41
    guard.name = Upper(F("name"))
    guard.save()
    (event,) = told()
    assert event.after == {"rank": 42, "name": "ZHANG"}


def test_a_row_in_two_tables_is_told_in_both(told):
    """Multi-table inheritance: the parent's part and the child's."""
    chief = Chief.objects.create(name="wang", district="east")
    assert brief(told()) == [
        ("model:created", f"plainapp.guard:{chief.pk}"),
        ("model:created", f"plainapp.chief:{chief.pk}"),
    ]
    chief.rank, chief.district = 7, "west"
    chief.save()
    parent, child = told()
    assert (parent.resource, parent.after) == (
        f"plainapp.guard:{chief.pk}",
        {"rank": 7},
    )
    assert child.after == {"district": "west"}
    Chief.objects.filter(district="west").update(rank=8, district="south")
    assert sorted((one.resource, *one.after.items()) for one in told()) == [
        (f"plainapp.chief:{chief.pk}", ("district", "south")),
        (f"plainapp.guard:{chief.pk}", ("rank", 8)),
    ]
    key = chief.pk
    chief.delete()
    assert sorted(brief(told())) == [
        ("model:deleted", f"plainapp.chief:{key}"),
        ("model:deleted", f"plainapp.guard:{key}"),
    ]


def test_a_proxy_is_the_same_model(told):
    """Written under another name, told under its own."""
    guard = ListedGuard.objects.create(name="zhang")
    ListedGuard.objects.filter(pk=guard.pk).update(rank=2)
    key = guard.pk
    guard.delete()
    assert brief(told()) == [
        ("model:created", f"plainapp.guard:{key}"),
        ("model:changed", f"plainapp.guard:{key}"),
        ("model:deleted", f"plainapp.guard:{key}"),
    ]


def test_a_fixture_is_told(told, tmp_path):
    """loaddata writes raw rows past save(); its command is the actor."""
    path = tmp_path / "stations.json"
    path.write_text('[{"model": "plainapp.station", "pk": 9, "fields": {"name": "n"}}]')
    call_command("loaddata", str(path), verbosity=0)
    (event,) = told()
    assert brief([event]) == [("model:created", "plainapp.station:9")]
    assert event.row.actor_kind == "system"
    assert event.row.actor_username == "loaddata"


def test_a_model_nobody_registered_is_not_told(told):
    """Only what a project asked for."""
    row = Unwatched.objects.create(name="a")
    Unwatched.objects.update(name="b")
    row.delete()
    assert told() == []


def test_relations_are_told_of_the_row_that_has_them(told):
    """add, remove, set and clear, from both sides."""
    guard = Guard.objects.create(name="zhang")
    one, two = Skill.objects.create(name="a"), Skill.objects.create(name="b")
    told()
    guard.skills.add(one, two)
    guard.skills.add(one)
    guard.skills.remove(one)
    guard.skills.set([one])
    two.guards.add(guard)
    guard.skills.clear()
    events = told()
    assert {event.resource for event in events} == {f"plainapp.guard:{guard.pk}"}
    assert {event.data["relation"] for event in events} == {"plainapp.guard.skills"}
    first, second = f"plainapp.skill:{one.pk}", f"plainapp.skill:{two.pk}"
    assert [(one.code, sorted(one.data["keys"])) for one in events] == [
        ("relation:added", [first, second]),
        ("relation:removed", [first]),
        ("relation:removed", [second]),
        ("relation:added", [first]),
        ("relation:added", [second]),
        ("relation:removed", [first, second]),
    ]


def test_generic_relations_and_cascades_are_told(told):
    """What goes with a row is told, loaded or not; what loses its reference too."""
    station = Station.objects.create(name="north")
    guard = Guard.objects.create(name="zhang", station=station)
    other = Guard.objects.create(name="li", deputy=guard)
    note = Note.objects.create(text="good", target=guard)
    shift = Shift.objects.create(guard=guard, station=station)
    resource = {
        "note": f"plainapp.note:{note.pk}",
        "shift": f"plainapp.shift:{shift.pk}",
        "guard": f"plainapp.guard:{guard.pk}",
        "station": f"plainapp.station:{station.pk}",
    }
    told()
    station.delete()
    events = told()
    deleted = [one.resource for one in events if one.code == "model:deleted"]
    assert sorted(deleted) == sorted(resource.values())
    # MySQL cannot defer its constraints: Django takes references away first there.
    changed = {one.resource: one for one in events if one.code == "model:changed"}
    lost = changed[f"plainapp.guard:{other.pk}"]
    assert lost.before == {"deputy": resource["guard"]}
    assert lost.after == {"deputy": None}


def test_the_asynchronous_twins_are_told(told):
    """asave, acreate, aupdate and adelete do their work in a thread."""

    async def work():
        guard = await Guard.objects.acreate(name="zhang")
        guard.rank = 2
        await guard.asave()
        await Guard.objects.filter(pk=guard.pk).aupdate(rank=3)
        await Guard.objects.filter(pk=guard.pk).adelete()

    from asgiref.sync import async_to_sync

    async_to_sync(work)()
    assert [one.code for one in told()] == [
        "model:created",
        "model:changed",
        "model:changed",
        "model:deleted",
    ]


def test_the_event_goes_with_the_change_that_is_rolled_back(told):
    """DONE is in the transaction of what was done."""
    with pytest.raises(RuntimeError), transaction.atomic():
        Guard.objects.create(name="zhang")
        assert AuditRecord.objects.filter(code="audit:model:created").exists()
        raise RuntimeError
    assert told() == []


def test_a_change_costs_two_statements(told, django_assert_num_queries):
    """Where the database tells the old values: the change and its event."""
    guard = Guard.objects.create(name="zhang")
    if getattr(connection, "pg_version", 0) < 180000:
        pytest.skip("elsewhere the row is read first")
    guard.rank = 2
    with django_assert_num_queries(2):
        guard.save()


def test_an_older_postgresql_is_asked_before(told, monkeypatch):
    """The row is locked and read, where RETURNING knows only the new values."""
    from jtsec.audit.coverage import updates

    monkeypatch.setattr(updates, "TELLS_OLD_VALUES", 10**9)
    guard = Guard.objects.create(name="zhang")
    guard.rank = F("rank") + 1
    guard.save()
    told_events = told()
    assert told_events[-1].before == {"rank": 1}
    assert told_events[-1].after == {"rank": 2}


def test_without_the_watch_nothing_is_told(told, monkeypatch):
    """The protection removed: Django's own method, and the log stays empty."""
    from django.db.models.sql.compiler import SQLUpdateCompiler

    guard = Guard.objects.create(name="zhang")
    told()
    for name in ("execute_sql", "execute_returning_sql"):
        if front := getattr(SQLUpdateCompiler, name, None):
            monkeypatch.setattr(SQLUpdateCompiler, name, unwrap(front))
    guard.rank = 2
    guard.save()
    assert told() == []


@pytest.mark.parametrize("way", ["save", "update", "bulk", "delete", "relation"])
def test_a_change_that_cannot_be_told_does_not_stay(told, monkeypatch, way):
    """The disk is full: no event, no change, and the caller knows."""
    guard = Guard.objects.create(name="zhang")
    skill = Skill.objects.create(name="a")
    told()

    def full(rows, using):
        raise OSError("disk full")

    def save():
        guard.rank = 2
        guard.save()

    ways = {
        "save": save,
        "update": lambda: Guard.objects.update(rank=2),
        "bulk": lambda: Guard.objects.bulk_create([Guard(name="li")]),
        "delete": lambda: Guard.objects.all().delete(),
        "relation": lambda: guard.skills.add(skill),
    }
    monkeypatch.setattr(writer, "insert", full)
    with pytest.raises(AuditUnavailable), transaction.atomic():
        ways[way]()
    monkeypatch.undo()
    found = Guard.objects.get()
    assert (found.name, found.rank, found.skills.count()) == ("zhang", 1, 0)
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_change_and_event_share_one(told, monkeypatch):
    """In autocommit too: what could not be told was never committed."""

    def full(rows, using):
        raise OSError("disk full")

    monkeypatch.setattr(writer, "insert", full)
    with pytest.raises(AuditUnavailable):
        Guard.objects.create(name="zhang")
    monkeypatch.undo()
    assert Guard.objects.count() == 0
    Guard.objects.create(name="zhang")
    assert len(told()) == 1
