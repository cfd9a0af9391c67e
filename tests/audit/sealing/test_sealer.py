"""One pass of the sealer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from django.db import connection
from django.test.utils import CaptureQueriesContext

from jtsec.audit.api import record
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing import sealer
from jtsec.audit.sealing.api import (
    checkpoint_of,
    hash_of,
    lag,
    last_checkpoint,
    leaf_of,
    members_of,
    seal_now,
)
from jtsec.core.clock import now
from jtsec.crypto import merkle
from jtsec.keys import api as keys
from tests.audit.declared import PermitGranted

pytestmark = pytest.mark.django_db


def grant(count: int = 1) -> None:
    """Record some events."""
    for number in range(count):
        record(PermitGranted(resource=str(number), owner="张三"))


@pytest.mark.clause("A5.8")
def test_a_checkpoint_says_what_was_recorded_and_is_signed():
    """Range, count, root over the leaves, signature: all from the rows alone."""
    grant(3)
    (made,) = seal_now()
    body = made.parsed()
    rows = list(AuditRecord.objects.order_by("id"))
    assert [row.pk for row in members_of(made)] == [row.pk for row in rows]
    leaves = [
        leaf_of(row.pk, row.mac_key_id, bytes(row.mac), bytes(row.payload))
        for row in rows
    ]
    assert body.root == merkle.root(leaves)
    assert (body.number, body.count, body.last) == (1, 3, rows[-1].pk)
    _key_id, private = keys.signing_key()
    private.public.verify(bytes(made.body), bytes(made.signature))
    assert bytes(made.hash) == hash_of(bytes(made.body), bytes(made.signature))
    assert body.public == private.public.fingerprint()
    assert checkpoint_of(rows[0].pk) == made
    assert lag().rows == 0


@pytest.mark.clause("A5.8")
def test_checkpoints_follow_on_each_other():
    """Number, range and hash of the one before."""
    grant(2)
    (first,) = seal_now()
    grant(1)
    (second,) = seal_now()
    body = second.parsed()
    assert body.number == 2
    assert body.first == first.last_id + 1
    assert body.previous == bytes(first.hash)
    assert body.log == first.parsed().log


def test_nothing_due_changes_nothing(monkeypatch):
    """A quiet night leaves no checkpoints, and writes nothing."""
    assert seal_now() == []
    grant(1)
    assert len(seal_now()) == 1
    # MySQL settles by their age the numbers that were drawn and rolled back before.
    night = now() + timedelta(hours=2)
    monkeypatch.setattr(sealer, "now", lambda: night)
    seal_now()
    with CaptureQueriesContext(connection) as captured:
        assert seal_now() == []
    words = {one["sql"].split()[0] for one in captured.captured_queries}
    assert words == {"SELECT"}
    assert last_checkpoint() is not None
