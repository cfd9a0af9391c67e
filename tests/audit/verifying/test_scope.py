"""What was asked for is what is verified, and nothing is said of the rest (A5.8)."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest

from django.core.management import CommandError, call_command
from django.db import connection

from jtsec.audit.sealing.api import anchor_of, seal_now
from jtsec.audit.verifying.api import Exit, verify
from jtsec.core.clock import now
from jtsec.core.exceptions import InputError
from tests.audit.sealing.log import grant, open_transaction
from tests.audit.verifying import attacks
from tests.audit.verifying.conftest import Log
from tests.audit.verifying.test_attacks import found
from tests.audit.verifying.test_scenes import later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


def test_a_part_behind_the_newest_checkpoint_accuses_nobody(log: Log, monkeypatch):
    """A quiet night: since yesterday nothing was sealed, and all before it was."""
    later(monkeypatch, days=2)
    for part in ({"since": now() + timedelta(days=1)}, {"first": log.ids[-1] + 1}):
        report = verify(**part)
        assert (found(report), report.rows, report.unsealed) == ([], 0, 0)
        assert report.exit_code is Exit.WHOLE
    waiting = grant(2)
    report = verify(first=waiting[0])
    assert found(report) == [("unsealed-too-old", 3, waiting[0])]
    assert report.unsealed == 2


def test_records_in_the_wrong_order_are_no_part(log: Log) -> None:
    """Nothing would be verified, and it would be called whole."""
    with pytest.raises(InputError):
        verify(first=log.ids[9], last=log.ids[2])
    with pytest.raises(CommandError) as refused:
        command = ("jtsec_audit_verify", "--range", str(log.ids[9]), str(log.ids[2]))
        call_command(*command, stdout=StringIO())
    assert refused.value.returncode == Exit.FAILED


@pytest.mark.concurrency
def test_a_record_that_was_sealed_late_is_verified_with_its_seal() -> None:
    """Its number lies in another checkpoint's range than its seal."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    grant(1)
    with open_transaction() as end:
        grant(3)
        seal_now()
        end("commit")
    (made,) = seal_now()
    (late,) = made.parsed().late
    attacks.rewrite(late, resource="forged")
    for deep in (True, False):
        for report in (
            verify(first=late, last=late, deep=deep),
            verify(number=made.number, deep=deep),
        ):
            assert found(report) == [("altered", made.number, None)]
    report = verify(number=made.number)
    assert (report.first, report.last, report.rows) == (made.number, made.number, 1)


def test_sealing_goes_on_while_an_anchor_is_read(log: Log) -> None:
    """What is written behind the reader's back was not cut off."""
    real = anchor_of(f"file:{log.anchor}")

    class Read:
        name, write, tail = real.name, real.write, real.tail

        def read(self):
            yield from real.read()
            grant(1)
            seal_now()

    assert found(verify(anchors=[Read()])) == []


def test_a_checkpoint_of_a_time_to_come_hides_nothing(log: Log, monkeypatch) -> None:
    """A clock that was ahead for a moment must not excuse who seals no more."""
    with monkeypatch.context() as ahead:
        moment = now() + timedelta(days=300)
        ahead.setattr("jtsec.audit.sealing.sealer.now", lambda: moment)
        grant(1)
        seal_now()
    waiting = grant(2)
    later(monkeypatch, hours=3)
    assert ("unsealed-too-old", 4, waiting[0]) in found(verify(anchors=False))
