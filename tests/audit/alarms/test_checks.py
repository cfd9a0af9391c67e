"""Settings by which no alarm would leave are found before they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jtsec.audit.alarms.checks import check_certificates, check_mail
from jtsec.audit.alarms.evidence import facts
from tests.audit.alarms.people import raised

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"


@pytest.mark.parametrize(
    ("recipients", "backend", "debug", "found"),
    [
        ([], CONSOLE, False, []),
        (["a@b.example"], SMTP, False, []),
        (["a@b.example"], "shop.mail.Backend", False, []),
        (["a@b.example"], CONSOLE, False, [(40, "jtsec.E097")]),
        (["a@b.example"], CONSOLE, True, [(30, "jtsec.E097")]),
    ],
)
def test_mail_that_goes_nowhere(
    settings: Any, recipients: list[str], backend: str, debug: bool, found: Any
):
    """A warning while somebody develops, an error in operation."""
    settings.JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS = recipients
    settings.EMAIL_BACKEND = backend
    settings.DEBUG = debug
    assert [(one.level, one.id) for one in check_mail(None)] == found


def test_certificates_that_cannot_be_read(settings: Any, tmp_path: Path):
    """Every webhook would fail until somebody looks."""
    settings.JTSEC_AUDIT_ALARM_WEBHOOKS = ["https://a.b:1/x"]
    assert check_certificates(None) == []
    for wrong in (tmp_path / "gone.pem", tmp_path / "empty.pem"):
        (tmp_path / "empty.pem").write_text("no certificate")
        settings.JTSEC_AUDIT_ALARM_WEBHOOK_CA = str(wrong)
        assert [one.id for one in check_certificates(None)] == ["jtsec.E098"]


@pytest.mark.django_db
def test_the_report_says_what_is_overdue_and_what_was_lost():
    """Measured now, not promised."""
    from jtsec.audit.alarms.models import Alarm
    from jtsec.core.clock import now

    measured = {fact.statement: fact for fact in facts()}
    assert measured["Open alarms that nobody has taken in time"].holds
    raised()
    Alarm.objects.update(due_at=now())
    measured = {fact.statement: fact for fact in facts()}
    assert not measured["Open alarms that nobody has taken in time"].holds
    assert measured["Messages of alarms that were given up"].value == 0
