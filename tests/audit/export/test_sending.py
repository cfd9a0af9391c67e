"""Sending: what is not accepted stays, and nothing is sent under two numbers."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from django.utils import timezone

from jtsec.audit.api import record
from jtsec.audit.export.api import (
    ExportNotConfigured,
    refused_batches,
    retry,
    send,
    spool,
    standing,
)
from jtsec.audit.export.lease import Lease, LeaseLost
from jtsec.audit.export.models import AuditExportBatch, AuditExportCursor, BatchState
from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import seal_now
from jtsec.core.clock import elapsed
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from tests.audit.alarms.receivers import dripping
from tests.audit.declared import PermitGranted
from tests.audit.export.made import SECRET, Platform

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.11")]


@pytest.fixture
def platform(settings):
    """Return a platform that listens, and is the one the settings name."""
    platform = Platform()
    with platform.serving() as url:
        settings.JTSEC_AUDIT_EXPORT_URL = url
        settings.JTSEC_AUDIT_EXPORT_RECEIVERS = [f"127.0.0.1:{platform.port}"]
        settings.JTSEC_AUDIT_EXPORT_TIMEOUT_SECONDS = 2
        yield platform


def write(count=3):
    """Record, seal and pack events; return the numbers of all there are."""
    for number in range(count):
        record(PermitGranted(resource=f"permit:{number}"))
    seal_now()
    spool()
    return [one.event_id.hex for one in AuditRecord.objects.order_by("id")]


def states():
    """Return the state of each batch, the oldest first."""
    return list(AuditExportBatch.objects.order_by("pk").values_list("state", flat=True))


def again():
    """Let the next attempt be due now."""
    AuditExportCursor.objects.update(next_try_at=None)


def test_what_is_accepted_is_sent_once_and_emptied(platform):
    """The platform's copy is enough; ours held resident ID numbers."""
    expected = write(250)
    assert send().accepted == 3
    assert send().accepted == 0
    assert platform.numbers() == expected
    one = AuditExportBatch.objects.first()
    assert one is not None
    assert (one.state, bytes(one.content), one.attempts) == ("accepted", b"", 1)
    assert platform.received[0]["appSecret"] == SECRET


def test_a_refused_batch_is_kept_and_does_not_hold_up_the_others(platform):
    """It is shown, raises an alarm, and goes again when somebody says so."""
    write()
    platform.status = "1001"
    assert send().refused == 1
    platform.status = "0000"
    write()
    assert send().accepted >= 1
    assert states()[0] == BatchState.REFUSED
    (refused,) = refused_batches()
    assert refused.answer.startswith("1001")
    assert AuditRecord.objects.filter(code="audit:export:batch-refused").count() == 1
    with acting_as(system_actor("tests")):
        retry(refused.send_id, reason="identifier was registered")
    assert send().accepted == 1
    assert refused_batches() == []
    with pytest.raises(InputError):
        retry(refused.send_id, reason="again")


@pytest.mark.parametrize(
    "answer",
    [
        (500, b"{}"),
        (503, b'{"status_code":"0000","Message":"ok","checkSum":"00"}'),
        (200, b"<html>a proxy's page</html>"),
        (200, b'{"status_code":"0000","Message":"ok","checkSum":"00"}'),
        (200, b'{"status_code":"0000","Message":"ok"}'),
        (200, b"[]"),
        (302, b""),
        (200, b"x" * 100_000),
    ],
)
def test_no_clear_yes_means_that_the_batch_stays(platform, answer):
    """A false answer cannot make the log vanish by saying that it arrived."""
    expected = write()
    platform.answers = [answer]
    sent = send()
    assert (sent.accepted, sent.refused, sent.is_down) == (0, 0, True)
    assert states() == [BatchState.WAITING]
    again()
    assert send().accepted == 1
    assert platform.numbers() == expected[:3]


def test_a_lost_answer_sends_the_same_batch_again(platform):
    """Same number, same bytes: the platform can tell that it has them."""
    write()
    platform.breaks_off = True
    assert send().is_down
    platform.breaks_off = False
    again()
    assert send().accepted == 1
    first, second = platform.received
    assert first == second


def test_waiting_grows_and_has_a_limit(settings):
    """5, 10, 20 … seconds up to the limit; a clock that was set back waits not."""
    settings.JTSEC_AUDIT_EXPORT_URL = "http://127.0.0.1:9/"
    settings.JTSEC_AUDIT_EXPORT_RECEIVERS = ["127.0.0.1:9"]
    settings.JTSEC_AUDIT_EXPORT_RETRY_LIMIT_SECONDS = 60
    write()
    waits = []
    for _ in range(6):
        before = timezone.now()
        assert send().is_down
        next_try = AuditExportCursor.objects.get().next_try_at
        assert next_try is not None
        waits.append(round((next_try - before).total_seconds()))
        again()
    assert waits == [5, 10, 20, 40, 60, 60]
    assert AuditRecord.objects.filter(code="audit:export:unreachable").count() == 1
    far = timezone.now() + timedelta(days=300)
    AuditExportCursor.objects.update(next_try_at=far)
    assert AuditExportBatch.objects.get().attempts == 6
    send()
    assert AuditExportBatch.objects.get().attempts == 7


def test_before_the_wait_is_over_nobody_is_asked(platform):
    """A platform that comes up is not met by every process at once."""
    write()
    soon = timezone.now() + timedelta(seconds=30)
    AuditExportCursor.objects.update(next_try_at=soon, failures=3)
    assert send().is_down
    assert platform.received == []


def test_one_sender_at_a_time(platform):
    """Who does not hold the lease sends nothing; a lease runs out."""
    write()
    lease = Lease.take()
    assert lease is not None
    assert Lease.take() is None
    assert send().is_busy
    assert platform.received == []
    past = timezone.now() - timedelta(seconds=1)
    AuditExportCursor.objects.update(lease_until=past)
    assert send().accepted == 1
    with pytest.raises(LeaseLost):
        lease.renew()


def test_a_lease_from_a_clock_that_was_wrong_does_not_last():
    """Further away than any lease is long: the clock was set back."""
    assert Lease.take() is not None
    far = timezone.now() + timedelta(days=300)
    AuditExportCursor.objects.update(lease_until=far)
    assert Lease.take() is not None


def test_a_host_that_is_not_listed_is_never_called(platform, settings):
    """The allow-list is exact: host and port."""
    write()
    for listed in ([], ["127.0.0.1:1"], [f"localhost:{platform.port}"]):
        settings.JTSEC_AUDIT_EXPORT_RECEIVERS = listed
        with pytest.raises(ExportNotConfigured):
            send()
    assert platform.received == []
    assert states() == [BatchState.WAITING]


def test_a_missing_or_open_secret_sends_nothing(platform, settings, tmp_path):
    """Without it nothing is sent; readable by others it is no secret."""
    write()
    secret = tmp_path / "platform.secret"
    for spoil in (lambda: secret.chmod(0o444), secret.unlink):
        spoil()
        with pytest.raises(ExportNotConfigured):
            send()
    settings.JTSEC_AUDIT_EXPORT_SECRET_FILE = ""
    with pytest.raises(ExportNotConfigured):
        send()
    assert platform.received == []


class Stumbling:
    """A project's sender that trips over something of its own."""

    def send(self, batch):
        """Fail."""
        raise ZeroDivisionError


class Remembering:
    """A project's sender that keeps what it is given."""

    kept: list[object] = []

    def send(self, batch):
        """Take it."""
        from jtsec.audit.export.api import Accepted

        self.kept.append(batch)
        return Accepted("by hand")


def test_a_projects_sender_takes_the_place_of_ours(settings):
    """By its dotted path; whatever it trips over, the batch stays."""
    here = "tests.audit.export.test_sending"
    settings.JTSEC_AUDIT_EXPORT_SENDER = f"{here}.Stumbling"
    write()
    assert send().is_down
    again()
    settings.JTSEC_AUDIT_EXPORT_SENDER = f"{here}.Nobody"
    with pytest.raises(ExportNotConfigured):
        send()
    settings.JTSEC_AUDIT_EXPORT_SENDER = f"{here}.Remembering"
    assert send().accepted == 1
    (batch,) = Remembering.kept
    assert len(json.loads(batch.content)) == 3  # type: ignore[attr-defined]


def test_a_batch_altered_in_the_spool_is_not_sent(platform):
    """What is not ours is not handed over."""
    write()
    one = AuditExportBatch.objects.get()
    content = bytearray(one.content)
    content[-1] ^= 1
    AuditExportBatch.objects.update(content=bytes(content))
    assert send().refused == 1
    assert platform.received == []


def test_the_standing_tells_what_waits(platform):
    """Figures for the command and the report."""
    write()
    found = standing()
    assert (found.packed, found.sealed, found.waiting) == (1, 1, 1)
    platform.answers = [(500, b"")]
    send()
    assert standing().down_since is not None
    again()
    send()
    found = standing()
    assert (found.accepted, found.waiting, found.down_since) == (1, 0, None)
    assert AuditRecord.objects.filter(code="audit:export:resumed").count() == 1


def test_a_platform_that_drips_is_left_in_time(settings):
    """A byte now and then would keep the sender, and all that waits, for days."""
    write()
    settings.JTSEC_AUDIT_EXPORT_TIMEOUT_SECONDS = 1
    with dripping() as port:
        settings.JTSEC_AUDIT_EXPORT_URL = f"http://127.0.0.1:{port}/"
        settings.JTSEC_AUDIT_EXPORT_RECEIVERS = [f"127.0.0.1:{port}"]
        begin = elapsed()
        assert send().is_down
    assert elapsed() - begin < 3
    assert states() == [BatchState.WAITING]
    assert standing().down_since is not None
