"""The log is read by its checkpoints."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from django.db import connection

from jtsec.audit import immutability
from jtsec.audit.exceptions import AppendOnly
from jtsec.audit.sealing import reading
from jtsec.audit.sealing.api import (
    checkpoint_of,
    checkpoints_after,
    last_checkpoint,
    members_of,
    seal_now,
)
from jtsec.audit.sealing.checks import check_anchored, check_anchors, check_tables
from jtsec.audit.sealing.evidence import facts
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.audit.sealing.protection import CHECKPOINTS

from .log import grant

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A5.8")]


def test_checkpoints_come_in_order_and_in_portions(monkeypatch):
    """From any number to any other."""
    monkeypatch.setattr(reading, "CHECKPOINTS", 2)
    for _again in range(5):
        grant(1)
        seal_now()
    assert [one.number for one in checkpoints_after(0)] == [1, 2, 3, 4, 5]
    assert [one.number for one in checkpoints_after(2, until=4)] == [3, 4]
    assert list(checkpoints_after(5)) == []
    newest = last_checkpoint()
    assert newest is not None
    assert newest.number == 5


def test_members_come_in_portions_and_in_part(monkeypatch, django_assert_num_queries):
    """Only the columns that are asked for, so that memory stays flat."""
    monkeypatch.setattr(reading, "CHUNK", 2)
    ids = grant(5)
    (made,) = seal_now()
    assert [row.pk for row in members_of(made)] == ids
    with django_assert_num_queries(3):
        rows = list(members_of(made, only=("code",)))
        assert {row.code for row in rows} == {"tests:permit:granted"}


def test_a_record_knows_its_checkpoint():
    """And one that is not sealed has none."""
    first = grant(2)
    (one,) = seal_now()
    second = grant(2)
    (two,) = seal_now()
    (waiting,) = grant(1)
    assert [checkpoint_of(pk) for pk in first] == [one, one]
    assert [checkpoint_of(pk) for pk in second] == [two, two]
    assert checkpoint_of(waiting) is None
    assert checkpoint_of(waiting + 1000) is None


def test_a_batch_is_a_checkpoint(settings):
    """Several a pass where more is due."""
    settings.JTSEC_AUDIT_SEAL_BATCH = 3
    grant(8)
    assert [one.count for one in seal_now()] == [3, 3, 2]


def test_the_orm_refuses_to_change_a_checkpoint():
    """A programmer's mistake is told in words."""
    grant(1)
    (made,) = seal_now()
    attempts: list[Callable[[], object]] = [
        made.save,
        made.delete,
        AuditCheckpoint.objects.all().delete,
        lambda: AuditCheckpoint.objects.update(count=0),
        lambda: AuditCheckpoint.objects.bulk_update([made], ["count"]),
        lambda: AuditCheckpoint.objects.bulk_create([made], ignore_conflicts=True),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnly):
            attempt()


@pytest.mark.django_db(transaction=True)
def test_missing_triggers_are_found_and_put_back():
    """The check names them, and its hint repairs them."""
    from django.core.management import call_command

    assert check_tables(None, databases=["default"]) == []
    immutability.remove(connection, CHECKPOINTS)
    (message,) = check_tables(None, databases=["default"])
    assert message.id == "jtsec.E322"
    assert message.hint is not None
    command = message.hint.partition('-c "')[2].rpartition('"')[0]
    call_command("shell", command=command)
    assert check_tables(None, databases=["default"]) == []


def test_a_deployment_without_an_anchor_is_told(settings):
    """An error in operation, a warning for a developer."""
    (message,) = check_anchored(None)
    assert (message.id, message.level) == ("jtsec.E093", 40)
    settings.DEBUG = True
    assert check_anchored(None)[0].level == 30
    settings.JTSEC_AUDIT_ANCHORS = ["file:/dev/null"]
    assert check_anchored(None) == []


@pytest.mark.parametrize(
    "name", ["file:/no/such/folder/x", "database:nowhere", "database:default"]
)
def test_an_anchor_that_cannot_be_used_is_told(settings, name):
    """Before the first checkpoint needs it."""
    settings.JTSEC_AUDIT_ANCHORS = [name]
    (message,) = check_anchors(None)
    assert message.id == "jtsec.E092"


@pytest.mark.django_db(transaction=True)
def test_what_can_be_proved_is_measured(settings, anchor_file):
    """Key, newest checkpoint, what waits, anchors: each holds."""
    grant(1)
    seal_now()
    assert [fact.holds for fact in facts()] == [True, True, True, True]
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE jtsec_auditcheckpoint SET signature = body")
    assert [fact.holds for fact in facts()] == [True, False, True, True]
