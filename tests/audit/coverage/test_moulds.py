"""What a mould makes is what is made the long way, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from jtsec.audit import entry as long_way
from jtsec.audit.api import AuditUnavailable
from jtsec.audit.coverage import moulds
from jtsec.audit.coverage.events import RelationAdded, RowChanged, RowDeleted
from jtsec.core.context import Actor, Context, enter, leave
from jtsec.core.exceptions import ConfigurationError
from jtsec.core.source import Source

ZHANG = Actor("person", "0198", "zhang", "张三", True, "320200000000", "business")
LI = Actor("person", "0199", "li", "李四", False, "320200000000", "business")
PLACE = Source("10.0.0.7", "T-1")

EVENTS = [
    RowChanged(resource="a.b:1", before={"n": 1}, after={"n": None}),
    RowDeleted(resource="a.b:2", before={"at": "2026-01-02T00:00:00.000000Z"}),
    RelationAdded(resource="a.b:3", relation="a.b.c", keys=("a.c:1", "a.c:2")),
    RowDeleted(resource="a.b:车\x00" + "x" * 300, before={}),
]


@pytest.fixture
def same(monkeypatch):
    """Let time and number be the same for both ways."""
    at, number = datetime(2026, 11, 22, 7, 8, 9, 123456, tzinfo=UTC), UUID(int=7)
    for module in (moulds, long_way):
        monkeypatch.setattr(module, "now", lambda: at)
        monkeypatch.setattr(module, "uuid7", lambda at: number)


def as_acting(actor, event, *, core=False, source=PLACE):
    """Return the rows of an event by both ways, for one who acts."""
    token = enter(Context(None, actor=actor, source=source))
    try:
        made = moulds.row_of(event, core=core)
        entry = long_way.Entry(event)
        if all(value is None for value in entry.sensitive.values()):
            entry.sensitive = {}
        entry.payload["core"] = core
        return dict(made), dict(entry.to_row())
    finally:
        leave(token)


@pytest.mark.parametrize("event", EVENTS)
def test_both_ways_make_the_same(same, event):
    """For one person after another, from one place after another."""
    for actor in (ZHANG, LI, ZHANG, Actor()):
        for source in (PLACE, Source()):
            for core in (False, True):
                made, expected = as_acting(actor, event, core=core, source=source)
                assert made == expected


def test_what_is_sensitive_is_encrypted(same):
    """A box for those that need one, and the open part without its content."""
    event = RowChanged(
        resource="a.b:1", before={}, after={}, sensitive_after={"phone": "139"}
    )
    made, _ = as_acting(ZHANG, event)
    assert b"139" not in made["payload"]
    assert b'"sealed":"' in made["payload"]


def test_keys_that_are_away_stop_the_change(monkeypatch):
    """No check value, no event; the caller must not go on."""

    def away(purpose, data):
        raise ConfigurationError("no ring")

    monkeypatch.setattr("jtsec.audit.coverage.moulds.keys.mac", away)
    with pytest.raises(AuditUnavailable):
        moulds.row_of(EVENTS[0], core=False)


def test_an_actor_that_cannot_be_found_out_is_unknown(same):
    """It may stand in the database that failed; the event is nobody else's."""

    class Broken(Context):
        @property
        def actor(self):
            raise RuntimeError

    token = enter(Broken(None, source=PLACE))
    try:
        assert moulds.row_of(EVENTS[0], core=False)["actor_kind"] == "unknown"
    finally:
        leave(token)
