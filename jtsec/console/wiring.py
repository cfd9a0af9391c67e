"""Binds the console's rights to their duties."""

from __future__ import annotations

from jtsec.access.api import bind_right


def wire() -> None:
    """Say whose the rights of the audit's pages are (clauses A4.4, A4.5)."""
    bind_right("jtsec.view_auditrecord", "audit")
    bind_right("jtsec.read_audit_details", "audit")
