"""
Every table of jtsec, so that one app label and one migration history hold them all.

A model that is not re-exported here would be proposed for deletion by the next
`makemigrations`; a test compares the two.
"""

from __future__ import annotations

from .access.models import (
    AccessProfile,
    Assignment,
    PolicyState,
    Propagation,
    RightGrant,
    Role,
    TerminalBinding,
)
from .accounts.models import AccountReview, ReviewedAccount
from .approvals.models import ApprovalRequest, ApprovalStep, Delegation
from .audit.alarms.models import Alarm, AlarmDelivery, AlarmStep
from .audit.archive.models import AuditSegment, AuditSegmentMove, AuditSegmentRange
from .audit.export.models import AuditExportBatch, AuditExportCursor
from .audit.models import AuditRecord
from .audit.policies.models import AuditPolicy
from .audit.rules.models import RuleCursor, RuleMemory
from .audit.sealing.models import (
    AuditAnchor,
    AuditAnchorLine,
    AuditCheckpoint,
    AuditSealer,
)
from .authentication.models import (
    Account,
    Block,
    CalendarDay,
    Counter,
    PasswordHistory,
    Place,
)
from .console.models import ParameterState, SavedSearch
from .errors.models import SealedError
from .identity.models import (
    Identity,
    IdentityGate,
    IdentityLedger,
    Organization,
)
from .keys.usage.models import KeyUsage
from .protection.masking.models import ClearViews
from .protection.models import SealedLane
from .protection.transient.models import TransientBusiness, TransientEntry
from .rest.models import CallCount, NonceHorizon, SignedClient, UsedNonce
from .sessions.models import Session, SessionGate

__all__ = [
    "AccessProfile",
    "Account",
    "AccountReview",
    "Alarm",
    "AlarmDelivery",
    "AlarmStep",
    "ApprovalRequest",
    "ApprovalStep",
    "Assignment",
    "AuditAnchor",
    "AuditAnchorLine",
    "AuditCheckpoint",
    "AuditExportBatch",
    "AuditExportCursor",
    "AuditPolicy",
    "AuditRecord",
    "AuditSealer",
    "AuditSegment",
    "AuditSegmentMove",
    "AuditSegmentRange",
    "Block",
    "CalendarDay",
    "CallCount",
    "ClearViews",
    "Counter",
    "Delegation",
    "Identity",
    "IdentityGate",
    "IdentityLedger",
    "KeyUsage",
    "NonceHorizon",
    "Organization",
    "ParameterState",
    "PasswordHistory",
    "Place",
    "PolicyState",
    "Propagation",
    "ReviewedAccount",
    "RightGrant",
    "Role",
    "RuleCursor",
    "RuleMemory",
    "SavedSearch",
    "SealedError",
    "SealedLane",
    "Session",
    "SessionGate",
    "SignedClient",
    "TerminalBinding",
    "TransientBusiness",
    "TransientEntry",
    "UsedNonce",
]
