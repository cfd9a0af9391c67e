"""What a report says about the log itself: sealed how far, protected by what (A5.8)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jtsec.audit.sealing.api import lag
from jtsec.audit.sealing.models import AuditCheckpoint
from jtsec.core.clock import shown

from .document import Cell, Facts, Paragraph, Section
from .period import Period


def integrity_section(heading: str, period: Period) -> Section:
    """Return the chapter about the seals of the period."""
    checkpoints = AuditCheckpoint.objects.filter(
        at__gte=period.since, at__lt=period.until
    ).order_by("number")
    first, last = checkpoints.first(), checkpoints.last()
    if first is None or last is None:
        text = _("No part of the log was sealed in this period.")
        return Section(heading, [Paragraph(text)])
    waiting = lag()
    rows: list[tuple[str, Cell]] = [
        (_("Seals"), last.number - first.number + 1),
        (_("First and last seal"), f"{first.number} – {last.number}"),
        (_("Last sealed at"), shown(last.at)),
        (_("Digest of the last seal (SM3)"), bytes(last.hash).hex()),
        (_("Events not sealed yet, now"), waiting.rows),
    ]
    text = _(
        "The digest names everything up to that seal. Whoever keeps it on paper can "
        "show later that nothing before it was changed: jtsec_audit_verify compares."
    )
    return Section(heading, [Facts(rows), Paragraph(text)])
