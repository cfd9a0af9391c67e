"""
What can go wrong with policies.

    JtsecError
    ├── Refused
    │   └── PolicyRefused     the actor may not, or it would loosen what is mandatory
    └── VerifiedFalse
        └── PolicyAltered     a row is not what an auditor set
"""

from __future__ import annotations

from jtsec.core.exceptions import Refused, VerifiedFalse


class PolicyRefused(Refused):
    """Says that a policy is not set: who asks may not, or nobody may."""


class PolicyAltered(VerifiedFalse):
    """Says that a policy was changed behind the application's back (A5.3)."""
