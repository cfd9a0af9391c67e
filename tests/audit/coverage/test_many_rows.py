"""Many rows at once: each leaves before and after, however the ORM gets there."""

from __future__ import annotations

import tracemalloc

import pytest

from django.db import connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Value, When

from jtsec.audit.api import boundary
from jtsec.audit.models import AuditRecord
from jtsec.core import touched_rows
from tests.audit.coverage.models import Chief, Guard, Seat, Shift, Skill, Station

pytestmark = [
    pytest.mark.usefixtures("registered"),
    pytest.mark.clause("A5.1", "A5.2", "T7.6"),
]


@pytest.fixture
def guards(registered, told):
    """Make three guards of two stations, and forget that they were made."""
    north, south = Station.objects.create(name="n"), Station.objects.create(name="s")
    made = [
        Guard(name=name, rank=rank, station=station, phone=f"1380000000{rank}")
        for name, rank, station in (("a", 1, north), ("b", 2, north), ("c", 3, south))
    ]
    for guard in made:
        guard.save()
    told()
    return made


def changes(events):
    """Return what changed, by resource."""
    return {one.resource: (one.before, one.after) for one in events}


def name_of(guard):
    """Return the resource of a guard."""
    return f"plainapp.guard:{guard.pk}"


def test_bulk_create_tells_every_row(told):
    """One statement, an event a row, each with its key."""
    made = Guard.objects.bulk_create(Guard(name=f"g{n}", rank=n) for n in range(5))
    events = told()
    assert [one.code for one in events] == ["model:created"] * 5
    assert [one.after["rank"] for one in events] == [0, 1, 2, 3, 4]
    if connection.features.can_return_rows_from_bulk_insert:
        assert [one.resource for one in events] == [name_of(one) for one in made]
        assert all(one.after["made_at"] for one in events)


def test_bulk_create_that_ignores_conflicts_tells_the_new_ones(told, guards):
    """A row that was there already was not created."""
    Guard.objects.bulk_create(
        [Guard(name="a", rank=9), Guard(name="d", rank=4)], ignore_conflicts=True
    )
    (event,) = told()
    assert event.code == "model:created"
    assert (event.after["name"], event.after["rank"]) == ("d", 4)
    assert event.resource == name_of(Guard.objects.get(name="d"))


def test_bulk_create_that_overwrites_tells_both(told, guards):
    """The overwritten row with both values, the new one as new."""
    unique = None if connection.vendor == "mysql" else ["name"]
    Guard.objects.bulk_create(
        [Guard(name="a", rank=9, phone="13911111111"), Guard(name="d", rank=4)],
        update_conflicts=True,
        update_fields=["rank", "phone"],
        unique_fields=unique,
    )
    new, changed = told()
    assert (new.code, new.after["name"]) == ("model:created", "d")
    assert changes([changed]) == {
        name_of(guards[0]): (
            {"rank": 1, "phone": "13800000001"},
            {"rank": 9, "phone": "13911111111"},
        )
    }


def test_bulk_update_tells_each_row_its_own(told, guards):
    """CASE WHEN for every row; the one that stays as it was is not told."""
    guards[0].rank, guards[1].rank = 11, 12
    guards[0].phone = "13911111111"
    Guard.objects.bulk_update(guards, ["rank", "phone"])
    assert changes(told()) == {
        name_of(guards[0]): (
            {"rank": 1, "phone": "13800000001"},
            {"rank": 11, "phone": "13911111111"},
        ),
        name_of(guards[1]): ({"rank": 2}, {"rank": 12}),
    }


def test_an_update_tells_every_row_with_its_own_before(told, guards):
    """queryset.update, for which Django sends no signal."""
    assert Guard.objects.update(rank=3, phone="13911111111") == 3
    found = changes(told())
    assert found[name_of(guards[0])][0] == {"rank": 1, "phone": "13800000001"}
    assert found[name_of(guards[2])] == (
        {"phone": "13800000003"},
        {"phone": "13911111111"},
    )


def test_an_update_by_expression_tells_what_came_of_it(told, guards):
    """A queryset of the project's own class, with a verb of its own."""
    assert Guard.objects.filter(rank__gte=2).promote() == 2
    assert changes(told()) == {
        name_of(guards[1]): ({"rank": 2}, {"rank": 3}),
        name_of(guards[2]): ({"rank": 3}, {"rank": 4}),
    }


def test_an_update_over_a_join_tells_the_rows_it_meant(told, guards):
    """Conditions on another table; and on a count over it."""
    assert Guard.objects.filter(station__name="n").update(rank=7) == 2
    assert set(changes(told())) == {name_of(one) for one in guards[:2]}
    busy = Station.objects.annotate(number=Count("guards")).filter(number__gte=2)
    assert busy.update(name="busy") == 1
    (event,) = told()
    assert (event.before, event.after) == ({"name": "n"}, {"name": "busy"})


def test_an_update_from_the_same_table_is_made_in_one_piece(told, guards, monkeypatch):
    """Piece by piece, a row would see what the pieces before have changed."""
    monkeypatch.setattr(touched_rows, "PIECE", 1)
    lowest = Guard.objects.order_by("rank").values("rank")[:1]
    if connection.vendor == "mysql":
        pytest.skip("it cannot read the table that it changes")
    Guard.objects.update(rank=Subquery(lowest) + F("rank"))
    assert sorted(one.after["rank"] for one in told()) == [2, 3, 4]
    # What comes of it is what Django alone makes of it.
    assert sorted(Guard.objects.values_list("rank", flat=True)) == [2, 3, 4]


def test_an_update_in_pieces_changes_what_one_would(told, guards, monkeypatch):
    """Rows that match at the beginning are changed once, though they match again."""
    monkeypatch.setattr(touched_rows, "PIECE", 1)
    assert Guard.objects.filter(rank__gte=2).update(rank=F("rank") + 1) == 2
    assert sorted(Guard.objects.values_list("rank", flat=True)) == [1, 3, 4]
    other = Station.objects.filter(pk=OuterRef("station_id")).values("pk")
    Guard.objects.update(
        rank=Case(When(station__in=Subquery(other), then=Value(5)), default=Value(6))
        if connection.vendor != "mysql"
        else 5
    )
    assert len(told()) == 5


def test_rows_that_a_manager_hides_are_told_too(told, guards):
    """The base manager of this model shows some rows only; writes reach the others."""
    Guard.objects.filter(pk=guards[0].pk).update(is_hidden=True)
    told()
    assert Guard.objects.filter(name="a").update(rank=8) == 1
    assert changes(told()) == {name_of(guards[0]): ({"rank": 1}, {"rank": 8})}
    Guard.objects.filter(name="a").delete()
    assert [one.resource for one in told()] == [name_of(guards[0])]


def test_a_hidden_row_that_save_does_not_reach_is_not_told(told, guards):
    """save() goes by the base manager; a row it misses was not changed."""
    Guard.objects.filter(pk=guards[0].pk).update(is_hidden=True)
    stale = Guard(pk=guards[0].pk, name="other", rank=5)
    told()
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"), transaction.atomic():
        stale.save()
    assert told() == []


def test_a_deletion_of_many_tells_each(told, guards):
    """queryset.delete, with what each row held."""
    resources = {name_of(one) for one in guards}
    Guard.objects.filter(rank__gt=0).delete()
    events = told()
    assert {one.code for one in events} == {"model:deleted"}
    assert {one.resource for one in events} == resources
    assert {one.before["phone"][-1] for one in events} == {"1", "2", "3"}


def test_a_deletion_that_loads_nothing_is_told(told, guards):
    """The fast deletion, which Django uses where no signal is listened for."""
    station = Station.objects.get(name="s")
    for hours in (4, 8):
        Shift.objects.create(guard=guards[0], station=station, hours=hours)
    told()
    assert Shift.objects.filter(hours=4)._raw_delete("default") == 1
    Shift.objects.all().delete()
    assert [one.before["hours"] for one in told()] == [4, 8]


def test_a_child_table_is_changed_in_many_rows(told):
    """An update of inherited and own columns, and a deletion, of two tables."""
    for name in ("x", "y"):
        Chief.objects.create(name=name, district="e")
    told()
    Chief.objects.update(district="w", rank=F("rank") + 1)
    assert sorted(one.resource.split(":")[0] for one in told()) == [
        "plainapp.chief",
        "plainapp.chief",
        "plainapp.guard",
        "plainapp.guard",
    ]
    Chief.objects.all().delete()
    assert len(told()) == 4


def test_many_relations_are_told_in_few_events(told, guards):
    """Three hundred rows join a relation: two events name them all."""
    Skill.objects.bulk_create(Skill(name=f"s{n}") for n in range(300))
    told()
    guards[0].skills.add(*Skill.objects.all())
    events = told()
    assert [one.code for one in events] == ["relation:added"] * 2
    assert sum(len(one.data["keys"]) for one in events) == 300


def test_nothing_matches_and_nothing_is_told(told, guards):
    """No row, no event, and the count that Django would give."""
    assert Guard.objects.filter(name="nobody").update(rank=1) == 0
    assert Guard.objects.filter(name="nobody").delete() == (0, {})
    assert Guard.objects.none().update(rank=1) == 0
    assert told() == []


def test_a_change_that_fails_leaves_no_event(told, guards):
    """A constraint is broken: neither the rows nor the events stay."""
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"), transaction.atomic():
        Guard.objects.update(name="same")
    assert told() == []


@pytest.mark.slow
@pytest.mark.slow
def test_many_thousand_rows_take_little_memory():
    """Six thousand rows are changed and told, a few hundred held at a time."""
    number = 6_000
    for start in range(0, number, 2000):
        Station.objects.bulk_create(
            Station(name=f"s{n}") for n in range(start, start + 2000)
        )
    before = AuditRecord.objects.count()
    tracemalloc.start()
    Station.objects.update(name=F("id"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert AuditRecord.objects.count() - before == number
    assert peak < 8 * 2**20


def test_the_models_own_querysets_are_not_replaced():
    """What a project calls on its manager is its own class still."""
    assert type(Guard.objects.all()).__name__ == "OwnQuerySet"
    assert isinstance(Guard.objects.all(), QuerySet)


@pytest.fixture
def elsewhere(registered, tmp_path):
    """Give stations in another database."""
    # In a file: Django never closes a connection to a database in memory.
    place = tmp_path / "other.sqlite3"
    other = SQLite({**connection.settings_dict, "NAME": str(place)}, "other")
    connections["other"] = other
    try:
        with other.schema_editor() as editor:
            editor.create_model(Station)
        yield Station.objects.using("other")
    finally:
        other.close()
        del connections["other"]


def test_a_rollback_in_another_database_leaves_the_event(told, elsewhere):
    """Two databases share no transaction; rather an event too many than one missing."""
    with pytest.raises(RuntimeError), transaction.atomic(using="other"):
        elsewhere.create(name="elsewhere")
        raise RuntimeError
    assert elsewhere.count() == 0
    assert [one.after for one in told()] == [{"name": "elsewhere"}]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_of_the_audits_database_takes_no_event_of_another(told, elsewhere):
    """The change stays there, so its event has to; the boundary holds it meanwhile."""
    with boundary(), pytest.raises(RuntimeError), transaction.atomic():
        elsewhere.create(name="elsewhere")
        elsewhere.filter(name="elsewhere").update(name="there")
        elsewhere.all()._raw_delete("other")
        raise RuntimeError
    assert [one.code for one in told()] == [
        "model:created",
        "model:changed",
        "model:deleted",
    ]


def test_a_changed_key_is_told(told):
    """Under the old key, with the new one; a row that moved is another row."""
    Station.objects.create(pk=7, name="n")
    told()
    Station.objects.filter(name="n").update(id=8)
    Station.objects.filter(pk=8).update(id=F("id") + 1, name="m")
    first, second = told()
    assert (first.resource, first.before, first.after) == (
        "plainapp.station:7",
        {"id": 7},
        {"id": 8},
    )
    assert second.resource == "plainapp.station:8"
    assert (second.before, second.after["name"]) == ({"id": 8, "name": "n"}, "m")
    # The row is not found again; where the statement does not tell, what was asked is.
    assert second.after["id"] == 9 or "Value(1)" in second.after["id"]


def test_rows_with_a_key_of_two_columns_are_told(told):
    """What was there already is not told as new, what was overwritten as changed."""
    Seat.objects.create(room=1, number=1, holder="a")
    told()
    rows = [Seat(room=1, number=1, holder="x"), Seat(room=2, number=1)]
    Seat.objects.bulk_create(rows, ignore_conflicts=True)
    (new,) = told()
    assert (new.code, new.after["room"]) == ("model:created", 2)
    unique = None if connection.vendor == "mysql" else ["room", "number"]
    Seat.objects.bulk_create(
        [Seat(room=1, number=1, holder="y")],
        update_conflicts=True,
        update_fields=["holder"],
        unique_fields=unique,
    )
    Seat.objects.filter(pk=(1, 1)).update(number=5)
    Seat.objects.filter(room=1).delete()
    assert [(one.code, one.resource, one.before) for one in told()] == [
        ("model:changed", "plainapp.seat:(1, 1)", {"holder": "a"}),
        ("model:changed", "plainapp.seat:(1, 1)", {"number": 1}),
        (
            "model:deleted",
            "plainapp.seat:(1, 5)",
            {"room": 1, "number": 5, "holder": "y"},
        ),
    ]
