"""An e-mail says that there is something to look at, and goes out once."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any

import pytest

import django
from django.core import mail as django_mail

from jtsec.audit.alarms import mail
from jtsec.audit.alarms.api import Delivered, deliver_due
from jtsec.audit.alarms.checks import check_mail
from jtsec.audit.alarms.models import AlarmDelivery
from tests.audit.alarms import receivers
from tests.audit.alarms.people import raised
from tests.audit.alarms.receivers import Inbox
from tests.audit.alarms.test_cef import MESSAGE


@pytest.fixture
def server(settings: Any) -> Any:
    """Return a verb that names the mail server."""

    def use(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.JTSEC_AUDIT_ALARM_TIMEOUT_SECONDS = 1

    return use


@pytest.mark.clause("A5.5")
@pytest.mark.django_db(transaction=True)
def test_every_recipient_gets_a_message_of_their_own(server: Any, settings: Any):
    """One that cannot be reached does not double the others'."""
    settings.JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS = ["a@b.example", "c@d.example"]
    inbox = Inbox()
    with receivers.smtp(inbox) as port:
        server(port)
        raised()
        assert deliver_due() == Delivered(sent=2)
    assert sorted(to for to, _text in inbox.got) == ["a@b.example", "c@d.example"]
    parsed = message_from_bytes(inbox.got[0][1], policy=policy.default)
    numbers = {str(row.number) for row in AlarmDelivery.objects.all()}
    assert parsed["X-Jtsec-Delivery"] in numbers
    assert parsed["Message-ID"] == f"<{parsed['X-Jtsec-Delivery']}@jtsec.alarm>"
    assert "tests:rule:often" in parsed.get_content()
    assert "zhang" not in inbox.got[0][1].decode()


@pytest.mark.skipif(django.VERSION < (6, 1), reason="MAILERS is of Django 6.1")
def test_the_mailers_of_a_project_are_used(settings: Any) -> None:
    """Which leaves no EMAIL_BACKEND that could be asked; its server may be slow too."""
    settings.JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS = ["a@b.example"]
    console = "django.core.mail.backends.console.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": console}}
    assert [one.id for one in check_mail(None)] == ["jtsec.E097"]
    inbox = Inbox()
    with receivers.smtp(inbox) as port:
        options = {"host": "127.0.0.1", "port": port}
        settings.MAILERS = {"default": {"OPTIONS": options}}
        assert check_mail(None) == []
        mail.send("a@b.example", MESSAGE)
    assert [to for to, _text in inbox.got] == ["a@b.example"]


def test_a_text_cannot_add_a_header(server: Any):
    """A line end in a rule's name stays in the subject as a space."""
    inbox = Inbox()
    with receivers.smtp(inbox) as port:
        server(port)
        mail.send("a@b.example", {**MESSAGE, "summary": "a\r\nBcc: x@y.example\nb"})
    parsed = message_from_bytes(inbox.got[0][1], policy=policy.default)
    assert parsed["Subject"] == "a Bcc: x@y.example b"
    assert parsed["Bcc"] is None


def test_a_mail_server_that_never_answers_is_left_in_time(server: Any):
    """Django itself would wait for ever."""
    with receivers.silent() as port:
        server(port)
        with pytest.raises(OSError, match="timed out"):
            mail.send("a@b.example", MESSAGE)


def test_other_backends_do_as_well():
    """What the project's settings name is used."""
    mail.send("a@b.example", MESSAGE)
    (sent,) = django_mail.outbox
    assert sent.to == ["a@b.example"]
    assert sent.subject == MESSAGE["summary"]
