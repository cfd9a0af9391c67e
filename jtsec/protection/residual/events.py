"""What the clearing of residual data reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "protection:residual:cleared",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A6.4",
    label=_("Residual data removed"),
)
class ResidualCleared(Event):
    """Somebody at the server's console removed what was left behind."""

    resource: str
    reason: str
    sessions: int
    """Sessions that were ended for it."""
    entries: int
    """Transient entries that were removed."""
    folders: int
    """Folders of temporary files that were removed."""
