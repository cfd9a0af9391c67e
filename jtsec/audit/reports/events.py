"""What the reports tell the audit: that one was made, for it shows what others did."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "audit:report:made",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.10",
    label=_("Report made"),
)
class ReportMade(Event):
    """A report about the log was made; `form` says how it left."""

    resource: str
    period: str
    form: str
