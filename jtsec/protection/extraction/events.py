"""What the drawing of data reports to the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "protection:extraction:drawn",
    Outcome.DONE,
    clause="R16",
    label=_("Data drawn from the platform"),
)
class DataDrawn(Event):
    """Records of an interface were taken over, their declared fields alone."""

    resource: str
    interface: str
    purpose: str
    fields: tuple[str, ...]
    records: int


@event(
    "protection:extraction:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="R16",
    label=_("Drawing of data refused"),
)
class ExtractionRefusedFound(Event):
    """An interface delivered, or a model declares, what may not be drawn."""

    resource: str
    interface: str
    reason: str
    """undeclared, or what is forbidden: phone, address, track."""
    names: tuple[str, ...]
    """The names of the fields; never their values."""
