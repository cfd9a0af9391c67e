"""
Every table of jtsec, so that one app label and one migration history hold them all.

A model that is not re-exported here would be proposed for deletion by the next
`makemigrations`; a test compares the two.
"""

from __future__ import annotations

from .audit.models import AuditRecord
from .authentication.models import Account, CalendarDay, Place
from .identity.models import (
    Identity,
    IdentityGate,
    IdentityLedger,
    Organization,
)
from .sessions.models import Session, SessionGate

__all__ = [
    "Account",
    "AuditRecord",
    "CalendarDay",
    "Identity",
    "IdentityGate",
    "IdentityLedger",
    "Organization",
    "Place",
    "Session",
    "SessionGate",
]
