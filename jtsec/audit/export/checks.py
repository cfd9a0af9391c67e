"""Checks of the export: whether what is set could be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from .conf import export_settings
from .posting import endpoint
from .receiver import sender_for


def check_configured(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E099: an address is set, and what else sending needs is not (A5.11)."""
    try:
        faults = list(_faults())
    except ConfigurationError:
        return []  # a value that cannot be used is reported by the settings' check
    return [
        Error(
            _("Clause A5.11: the log export cannot send: %(what)s.") % {"what": fault},
            hint=_(
                "Set JTSEC_AUDIT_EXPORT_SYSTEM_ID to the identifier the audit platform "
                "gave out, JTSEC_AUDIT_EXPORT_URL to its address and "
                'JTSEC_AUDIT_EXPORT_RECEIVERS = ["host:port"] to the same host.'
            ),
            id="jtsec.E099",
        )
        for fault in faults
    ]


def _faults() -> Iterator[str]:
    settings = export_settings()
    yield from _overrides_at_fault(settings.operations, settings.error_codes)
    if not settings.url and not settings.sender:
        return
    if not settings.system_id:
        yield "JTSEC_AUDIT_EXPORT_SYSTEM_ID"
    if settings.url:
        try:
            endpoint(settings.url, settings.receivers)
        except ConfigurationError as error:
            yield str(error)
    try:
        sender_for(settings.format)
    except ConfigurationError as error:
        yield str(error)


def _overrides_at_fault(
    operations: Mapping[str, Mapping[str, Any]], codes: Mapping[str, str]
) -> Iterator[str]:
    for pattern, own in operations.items():
        kinds = {"type": int, "name": str, "level": int}
        for key, value in own.items():
            if key not in kinds or type(value) is not kinds[key]:
                yield f"JTSEC_AUDIT_EXPORT_OPERATIONS[{pattern!r}][{key!r}]"
    for reason, code in codes.items():
        if len(code) > 4:
            yield f"JTSEC_AUDIT_EXPORT_ERROR_CODES[{reason!r}]"
