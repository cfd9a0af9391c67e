"""
Finds an event that stands in the log twice.

A copy of a row under a new id has a right check value and right columns. The database
refuses it while its unique index is there; who owns the table can drop that.
"""

from __future__ import annotations

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from jtsec.audit.models import AuditRecord

from .finding import Finding, Findings, Kind

MOST = 200
"""Copies that are named."""


def name_copies(using: str, findings: Findings) -> None:
    """Add a finding for each event number that more than one row has."""
    rows = AuditRecord.objects.using(using).order_by()
    twice = (
        rows.values("event_id")
        .annotate(rows=Count("pk"), first=Min("pk"), last=Max("pk"))
        .filter(rows__gt=1)
    )
    for found in twice[:MOST]:
        text = _("Record %(last)d is a copy of record %(first)d, under a new number.")
        values = {"last": found["last"], "first": found["first"]}
        findings.add(Finding(Kind.ADDED, text % values, None, found["last"]))
