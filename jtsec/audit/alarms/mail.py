"""Sends an alarm by e-mail, with whatever backend the project's mail settings name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.core import mail as django_mail
from django.utils.translation import gettext as _
from django.utils.translation import override

from .conf import alarm_settings
from .exceptions import NotDelivered

MAILERS: Final[Any] = getattr(django_mail, "mailers", None)
"""Of Django 6.1 and later, which deprecate `get_connection` and EMAIL_BACKEND."""

SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"


def send(target: str, message: Mapping[str, Any]) -> None:
    """
    Make one attempt.

    Args:
        target: one address.
        message: as `message_of` makes it.

    Raises:
        NotDelivered, OSError: the mail server did not take it.
    """
    backend: Any = django_mail.get_connection() if MAILERS is None else MAILERS.default
    # The SMTP backend waits for ever unless the project says how long.
    if getattr(backend, "timeout", 0) is None:
        backend.timeout = alarm_settings().timeout_seconds
    number = message["delivery"]
    mail = django_mail.EmailMessage(
        subject=" ".join(message["summary"].split()),
        body=_text(message),
        to=[target],
        # Always the same for this message: a mail box shows it once.
        headers={"Message-ID": f"<{number}@jtsec.alarm>", "X-Jtsec-Delivery": number},
    )
    if not backend.send_messages([mail]):
        raise NotDelivered("the mail backend sent nothing")


def backend_path() -> str:
    """Return the dotted path of the backend that sends."""
    if MAILERS is None or not hasattr(settings, "MAILERS"):
        return settings.EMAIL_BACKEND
    chosen: Mapping[str, str] = MAILERS.settings.get("default", {})
    return chosen.get("BACKEND", SMTP)


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
