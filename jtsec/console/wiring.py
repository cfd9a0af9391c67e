"""Binds the console's rights to their duties, and tells the audit who people are."""

from __future__ import annotations

from jtsec.access.api import bind_right
from jtsec.audit.query.api import register_directory


def wire() -> None:
    """Say whose the rights of the audit's pages are (clauses A4.4, A4.5)."""
    from .directory import IdentityDirectory

    bind_right("jtsec.view_auditrecord", "audit")
    bind_right("jtsec.read_audit_details", "audit")
    bind_right("jtsec.view_alarm", "audit")
    bind_right("jtsec.change_auditpolicy", "audit")
    bind_right("jtsec.handle_handed_alarm", "security")
    bind_right("jtsec.lift_block", "security")
    bind_right("jtsec.end_session", "security")
    register_directory(IdentityDirectory())
