"""Every encryption is counted, over threads and processes, and told in time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

import pytest

from django.core.signals import request_finished
from django.db import DatabaseError, transaction

from jtsec.audit.models import AuditRecord
from jtsec.core import after_responses
from jtsec.core.clock import now
from jtsec.core.exceptions import ConfigurationError
from jtsec.keys import api as keys
from jtsec.keys import tally
from jtsec.keys.api import Purpose
from jtsec.keys.conf import keys_settings
from jtsec.keys.usage import api, checks
from jtsec.keys.usage.models import KeyUsage
from tests import databases
from tests.plainapp.models import Driver

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3")]
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def counted_before() -> None:
    """Take what other tests counted in this process."""
    for one in tally.TALLIES.values():
        one.take()


def seal(times: int) -> None:
    """Encrypt so often under the key of the fields."""
    gcm = keys.active_gcm(Purpose.FIELD)[1]
    for _ in range(times):
        gcm.encrypt(b"text")


def test_each_value_counts_whatever_way_it_is_sealed() -> None:
    """One by one, bound to a column, and through the ORM; reading does not count."""
    blob = keys.gcm("field-1").encrypt(b"text")
    keys.gcm("field-1").decrypt(blob)
    Driver.objects.create(name="a", phone="1", address="2", number="3")
    assert Driver.objects.get(number="3").phone == "1"
    api.flush()
    assert api.totals()["field-1"] == 4
    seal(5)
    api.flush()
    api.flush()
    assert api.totals()["field-1"] == 9


def test_threads_lose_no_count() -> None:
    """Four at once, and a look in between that is not counted itself."""
    seal(1)
    threads = [threading.Thread(target=seal, args=(20_000,)) for _ in range(4)]
    for one in threads:
        one.start()
    for _ in range(100):
        tally.TALLIES["field-1"].look()
    for one in threads:
        one.join()
    assert tally.TALLIES["field-1"].take() == 80_001
    assert tally.TALLIES["field-1"].take() == 0


@committed
@pytest.mark.concurrency
def test_processes_add_up() -> None:
    """Each adds its own; a fork does not tell its parent's once more."""
    program = (
        "import django, os; django.setup()\n"
        "from jtsec.keys import api as keys\n"
        "from jtsec.keys.usage import api\n"
        "gcm = keys.active_gcm(keys.Purpose.FIELD)[1]\n"
        "gcm.encrypt(b'')\n"
        "is_parent = all(os.fork() for _ in range(2))\n"
        "for _ in range(1000): gcm.encrypt(b'text')\n"
        "api.flush()\n"
        "is_parent and [os.wait() for _ in range(2)]\n"
    )
    environment = databases.child_environment(PYTHONPATH=os.pathsep.join(sys.path))
    started = subprocess.Popen([sys.executable, "-c", program], env=environment)
    assert started.wait(timeout=120) == 0
    assert api.totals()["field-1"] == 1 + 3 * 1000


@committed
def test_sums_are_added_after_a_request_once_they_are_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a minute, or many; not before, and not where they could be undone."""
    moment = [1000.0]
    monkeypatch.setattr(after_responses, "elapsed", lambda: moment[0])
    api.flush_if_due.begin_anew()
    seal(3)
    request_finished.send(type(None))
    moment[0] += api.SECONDS - 1
    request_finished.send(type(None))
    assert api.totals() == {}
    moment[0] += 1
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        api.flush_if_due()
        raise ZeroDivisionError
    assert api.totals() == {}
    api.flush_if_due()
    assert api.totals() == {"field-1": 3}
    monkeypatch.setattr(api, "MANY", 4)
    seal(4)
    moment[0] += api.SOON
    api.flush_if_due()
    assert api.totals() == {"field-1": 7}


@committed
def test_a_sum_that_could_not_be_added_is_added_later(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that is away loses nothing, and fails no request."""

    def refuse(*given: object) -> int:
        raise DatabaseError("away")

    add = api._add
    monkeypatch.setattr(api, "_add", refuse)
    seal(6)
    api.flush_if_due.come_due()
    api.flush_if_due()
    assert "counted with the next" in caplog.text
    monkeypatch.setattr(api, "_add", add)
    seal(1)
    api.flush()
    assert api.totals() == {"field-1": 7}


def used(number: int) -> list[Any]:
    """Let the table say so many, and return what the check finds."""
    KeyUsage.objects.update_or_create(
        key_id="field-1", defaults={"encryptions": number, "counted_at": now()}
    )
    return checks.check_usage(None, databases=["default"])


def test_the_check_asks_for_a_rotation_in_time(settings: Any) -> None:
    """Nothing, a warning at half, an error at the limit; a retired key is done."""
    assert used(2**31 - 1) == []
    (warning,) = used(2**31)
    assert (warning.id, warning.level) == ("jtsec.W233", 30)
    assert "jtsec_keys_rotate field" in warning.hint
    (error,) = used(2**32)
    assert (error.id, error.level) == ("jtsec.E029", 40)
    assert checks.check_usage(None, databases=None) == []
    settings.JTSEC_KEYS_WARN_AFTER = 2**32 + 1
    with pytest.raises(ConfigurationError):
        keys_settings()
    settings.JTSEC_KEYS_WARN_AFTER = 10
    assert [one.id for one in used(10)] == ["jtsec.W233"]


def test_each_mark_is_told_once(settings: Any) -> None:
    """The warning when it is passed, the limit when that is; and nothing between."""
    settings.JTSEC_KEYS_WARN_AFTER = 10
    for times, told in ((9, 0), (1, 1), (5, 1)):
        seal(times)
        api.flush()
        events = AuditRecord.objects.filter(code="rotation:key:used-often")
        assert events.count() == told
    KeyUsage.objects.update(encryptions=api.LIMIT - 1)
    seal(2)
    api.flush()
    (_first, last) = events.order_by("pk")
    assert (last.resource, last.actor_kind) == ("key:field-1", "system")
    assert str(api.LIMIT + 1).encode() in bytes(last.payload)


def test_without_the_count_nobody_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The protection removed: a cipher that is not counted leaves no trace."""
    monkeypatch.setattr(keys, "counted", lambda key_id, gcm: gcm)
    keys.reload()
    seal(3)
    api.flush()
    assert api.totals() == {}
    keys.reload()
