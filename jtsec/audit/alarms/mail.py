"""Sends an alarm by e-mail, with whatever backend the project's mail settings name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from .conf import alarm_settings
from .exceptions import NotDelivered


def send(target: str, message: Mapping[str, Any]) -> None:
    """
    Make one attempt.

    Args:
        target: one address.
        message: as `message_of` makes it.

    Raises:
        NotDelivered, OSError: the mail server did not take it.
    """
    connection: Any = get_connection()
    # The SMTP backend waits for ever unless the project says how long.
    if getattr(connection, "timeout", 0) is None:
        connection.timeout = alarm_settings().timeout_seconds
    number = message["delivery"]
    mail = EmailMessage(
        subject=" ".join(message["summary"].split()),
        body=_text(message),
        to=[target],
        # Always the same for this message: a mail box shows it once.
        headers={"Message-ID": f"<{number}@jtsec.alarm>", "X-Jtsec-Delivery": number},
        connection=connection,
    )
    if not mail.send():
        raise NotDelivered("the mail backend sent nothing")


def _text(message: Mapping[str, Any]) -> str:
    with override(settings.LANGUAGE_CODE):
        return "\n".join(
            (
                message["summary"],
                "",
                _("Alarm number: %(number)s") % {"number": message["alarm"]},
                _("Rule: %(rule)s") % {"rule": message["rule"]},
                "",
                _("Log in to see what happened and to handle it."),
            )
        )
