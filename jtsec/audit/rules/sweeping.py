"""
Once a day: what no event tells of.

Accounts that nobody uses, policies that somebody changed past the console, and memories
of long ago, which are shortened.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from jtsec.audit.events import Severity
from jtsec.audit.policies import api as policies
from jtsec.core.clock import now

from .catalogue import DORMANT_ACCOUNT, FAILED_INTEGRITY
from .models import ONE, RuleCursor
from .raising import raise_for
from .remembering import actor_in, asleep_since, forget_long_past, put_back
from .rule import Finding
from .thresholds import Thresholds

PERIOD: Final = timedelta(days=1)
LONG_PAST: Final = timedelta(days=120)


def sweep_when_due(alias: str) -> int:
    """
    Do the daily work, where a day has passed since the last time.

    Returns:
        How often an alarm was raised or counted.
    """
    at = now()
    with transaction.atomic(using=alias):
        due = Q(swept_at=None) | Q(swept_at__lt=at - PERIOD) | Q(swept_at__gt=at)
        taken = RuleCursor.objects.using(alias).filter(due, pk=ONE)
        # The UPDATE takes the row, so that of two watchers one sweeps.
        if not taken.update(swept_at=at):
            return 0
        findings = [*_asleep(alias, at), *_altered_policies()]
        for finding in findings:
            raise_for(finding)
        forget_long_past(alias, at - LONG_PAST)
    return len(findings)


def _asleep(alias: str, at: datetime) -> list[Finding]:
    """Return the accounts that nobody has used for so long, each once."""
    thresholds = Thresholds(policies.in_force())
    # Of policies that can be believed: what SQL wrote may be no number at all.
    days = min(thresholds.anywhere(DORMANT_ACCOUNT, "days"))
    findings = []
    for row in asleep_since(alias, at - timedelta(days=days)):
        memory = json.loads(row.state)
        actor = actor_in(row.uid, memory)
        limits = thresholds.of(DORMANT_ACCOUNT, actor)
        if limits is None:
            continue
        idle = DORMANT_ACCOUNT.sweep(memory, at.timestamp(), limits)
        if idle:
            put_back(row, memory, alias)
            findings.append(
                Finding(
                    DORMANT_ACCOUNT.name,
                    f"{row.uid} unused",
                    None,
                    int(Severity.NOTICE),
                    {"idle": idle},
                    "unused",
                    (row.uid, actor.username),
                )
            )
    return findings


def _altered_policies() -> list[Finding]:
    """Return the policies that are not what an auditor set, every day anew."""
    return [
        Finding(
            FAILED_INTEGRITY.name,
            f"audit policy {number}",
            None,
            int(Severity.ALARM),
            {"what": f"jtsec.auditpolicy:{number}", "reason": ""},
        )
        for number in policies.in_force().altered
    ]
