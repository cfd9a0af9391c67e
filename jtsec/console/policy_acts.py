"""What the buttons of a policy do: at once, or by an application (A4.4, A5.3)."""

from __future__ import annotations

from typing import Any, Final

from jtsec.approvals.api import apply_for_policy_change
from jtsec.audit.policies import api as policies

from .acting import Act
from .applying import either

ACT: Final = "audit.change-policy"


def adding(*, reason: str, **values: Any) -> Act:
    """Return what sets a new policy; takes what `policies.api.add` does."""
    return either(
        ACT,
        lambda: policies.add(reason=reason, **values),
        lambda: apply_for_policy_change("add", values, reason=reason),
    )


def changing(number: int, *, reason: str, **values: Any) -> Act:
    """Return what changes a policy; takes what `policies.api.change` does."""
    return either(
        ACT,
        lambda: policies.change(number, reason=reason, **values),
        lambda: apply_for_policy_change("change", values, number=number, reason=reason),
    )


def retiring(number: int, *, reason: str) -> Act:
    """Return what puts a policy out of force."""
    return either(
        ACT,
        lambda: policies.retire(number, reason=reason),
        lambda: apply_for_policy_change("retire", number=number, reason=reason),
    )
