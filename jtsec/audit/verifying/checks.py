"""A check of the newest seal; the whole log is verified by its own command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError
from django.utils.translation import gettext as _

from jtsec.audit.sealing.reading import alias
from jtsec.core.exceptions import CannotVerify, ConfigurationError

from .newest import newest_findings


def check_newest_checkpoint(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E324: the newest checkpoint and its records are what was sealed (A5.8)."""
    if alias() not in (databases or ()):
        return []
    try:
        found = newest_findings()
    except (DatabaseError, CannotVerify, ConfigurationError):
        # No table before the first `migrate`; keys and tables have checks of their own.
        return []
    return [
        Error(
            _("Clause A5.8: the audit log is not what was written: %(what)s")
            % {"what": one.sentence},
            hint=_("manage.py jtsec_audit_verify names every place."),
            id="jtsec.E324",
        )
        for one in found[:1]
    ]
