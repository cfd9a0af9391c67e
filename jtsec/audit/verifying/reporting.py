"""Tells the audit itself what a verification found: one event, the first places."""

from __future__ import annotations

from jtsec.audit.api import boundary, record

from .events import LogNotVerified, LogVerified, LogVerifiedFalse
from .finding import Exit, Report

PLACES = 10
"""Findings that the event names."""


def record_report(report: Report) -> None:
    """
    Record what a verification of the live log found.

    Raises:
        AuditUnavailable: it could not be written; the report is true all the same.
    """
    resource = f"audit.checkpoint:{report.first or 0}-{report.last or 0}"
    places = tuple(
        f"{one.kind.value} {one.anchor} c{one.checkpoint} r{one.record_id}"
        for one in report.findings[:PLACES]
    )
    count = sum(report.counts.values())
    with boundary():
        match report.exit_code:
            case Exit.FALSE:
                record(LogVerifiedFalse(resource=resource, places=places, count=count))
            case Exit.UNKNOWN:
                record(LogNotVerified(resource=resource, places=places, count=count))
            case _:
                record(
                    LogVerified(
                        resource=resource,
                        first=report.first or 0,
                        last=report.last or 0,
                        rows=report.rows,
                    )
                )
