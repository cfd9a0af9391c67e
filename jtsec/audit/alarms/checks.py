"""Checks of the ways by which alarms leave."""

from __future__ import annotations

import ssl
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from . import mail
from .conf import AlarmSettings, alarm_settings

NOWHERE: Final = frozenset({"console", "dummy", "locmem", "filebased"})
"""Mail backends of Django that send nothing to anybody."""


def check_mail(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E097: alarms that are to be mailed are mailed to somebody (A5.5)."""
    chosen = _settings()
    if chosen is None or not chosen.email_recipients:
        return []
    package, _dot, name = mail.backend_path().rpartition(".")
    if not package.startswith("django.core.mail.backends."):
        return []
    if package.rpartition(".")[2] not in NOWHERE:
        return []
    kind = Warning if settings.DEBUG else Error
    return [
        kind(
            _("Clause A5.5: alarms are to be mailed, but %(backend)s sends nothing.")
            % {"backend": f"{package}.{name}"},
            hint=_mail_hint(),
            id="jtsec.E097",
        )
    ]


def _mail_hint() -> str:
    if hasattr(settings, "MAILERS"):
        return _(
            'MAILERS = {"default": {"OPTIONS": {"host": "…"}}}; or remove '
            "JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS."
        )
    return _(
        'EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend", with '
        "EMAIL_HOST; or remove JTSEC_AUDIT_ALARM_EMAIL_RECIPIENTS."
    )


def check_certificates(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E098: the certificates that vouch for the webhooks can be read."""
    chosen = _settings()
    if chosen is None or not (chosen.webhooks and chosen.webhook_ca):
        return []
    try:
        ssl.create_default_context(cafile=chosen.webhook_ca)
    except OSError as error:
        return [
            Error(
                _("JTSEC_AUDIT_ALARM_WEBHOOK_CA cannot be used: %(error)s.")
                % {"error": error},
                hint=_("No webhook gets an alarm until this is a file in PEM form."),
                id="jtsec.E098",
            )
        ]
    return []


def _settings() -> AlarmSettings | None:
    try:
        return alarm_settings()
    except ConfigurationError:
        # Said by the checks of the settings.
        return None


ALWAYS = (check_mail, check_certificates)
