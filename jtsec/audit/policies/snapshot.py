"""
The policies in force, as each process remembers them for up to two seconds.

Asked for on the way of many requests, read with one query at most every two seconds.
A policy whose seal is broken is left out, and then everything is recorded: a row that
SQL has changed must not switch anything off.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import SynchronousOnlyOperation
from django.db import DatabaseError, router, transaction

from jtsec.core.clock import elapsed
from jtsec.core.context import Actor
from jtsec.core.exceptions import CannotVerify

from .exceptions import PolicyAltered
from .models import Aspect, AuditPolicy
from .recordings import declaration_of, fits
from .scopes import covers, scope_named
from .seal import check_seal

logger = logging.getLogger("jtsec.audit")

KEPT_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Terms:
    """
    What policies make of something for one user.

    Args:
        is_on: whether it is watched or alarmed; None where no policy says so.
        severity: of the alarm; None for the declared one.
        thresholds: those that policies set.
        policies: the numbers of the policies, the widest first.
    """

    is_on: bool | None = None
    severity: int | None = None
    thresholds: Mapping[str, Any] | None = None
    policies: tuple[int, ...] = ()


class Snapshot:
    """
    The policies of one moment.

    Args:
        policies: those in force.
        altered: the numbers of those that cannot be believed.
    """

    def __init__(
        self, policies: Iterable[AuditPolicy], altered: tuple[int, ...] = ()
    ) -> None:
        ordered = sorted(policies, key=_width)
        self.altered = altered
        self._of: dict[str, list[AuditPolicy]] = {aspect: [] for aspect in Aspect}
        for policy in ordered:
            self._of.setdefault(policy.aspect, []).append(policy)

    def wants(self, kind: str, actor: Actor) -> bool:
        """Answer whether an optional recording is made for somebody."""
        declared = declaration_of(kind)
        # Nobody switches off what is known of those who watch the others.
        if declared is None or self.altered or actor.duty == "audit":
            return True
        found = self._for(Aspect.RECORDING, kind, actor)
        return found[-1].is_on if found else declared.by_default

    def terms(self, aspect: str, target: str, actor: Actor) -> Terms:
        """Return what holds for somebody; the narrower policy has the last word."""
        found = self._for(aspect, target, actor)
        if not found:
            return NOTHING
        thresholds: dict[str, Any] = {}
        severity = None
        for policy in found:
            thresholds |= policy.thresholds
            severity = severity if policy.severity is None else policy.severity
        numbers = tuple(policy.pk for policy in found)
        return Terms(found[-1].is_on, severity, thresholds, numbers)

    def has(self, aspect: str) -> bool:
        """Answer whether there is any policy about something."""
        return bool(self._of[aspect])

    def thresholds_of(self, rule: str) -> list[Mapping[str, Any]]:
        """Return what each policy about a rule sets, for whomever."""
        about = self._of[Aspect.RULE]
        return [one.thresholds for one in about if one.target == rule]

    def _for(self, aspect: str, target: str, actor: Actor) -> list[AuditPolicy]:
        return [
            policy
            for policy in self._of[aspect]
            if fits(policy.target, target)
            and covers(policy.scope, policy.scope_value, actor)
        ]


NOTHING: Final = Terms()
_kept: tuple[float, Snapshot] | None = None


def wants(kind: str, actor: Actor) -> bool:
    """
    Answer whether an optional recording is made for somebody (A5.3).

    Args:
        kind: what was declared with `declare_optional`; anything else is mandatory.
        actor: whose act it is.

    Returns:
        True also where the policies cannot be read: better too much than too little.
    """
    if declaration_of(kind) is None:
        return True
    try:
        return in_force().wants(kind, actor)
    except (DatabaseError, SynchronousOnlyOperation, CannotVerify):
        logger.warning("the audit policies cannot be read; everything is recorded")
        return True


def in_force() -> Snapshot:
    """
    Return the policies in force, at most two seconds old.

    Raises:
        DatabaseError, CannotVerify: they cannot be read, or not be believed.
    """
    global _kept  # noqa: PLW0603 - one set of policies a process
    if _kept is None or elapsed() - _kept[0] > KEPT_SECONDS:
        _kept = elapsed(), _read()
    return _kept[1]


def forget(**kwargs: Any) -> None:
    """Drop what this process has read; others follow within two seconds."""
    global _kept  # noqa: PLW0603 - one set of policies a process
    _kept = None


def _read() -> Snapshot:
    whole: list[AuditPolicy] = []
    altered: list[int] = []
    # A savepoint: a query that fails would spoil the transaction around it.
    with transaction.atomic(using=router.db_for_read(AuditPolicy)):
        rows = list(AuditPolicy.objects.in_force())
    for policy in rows:
        try:
            check_seal(policy)
            whole.append(policy)
        except PolicyAltered:
            logger.exception("an audit policy is left out")
            altered.append(policy.pk)
    return Snapshot(whole, tuple(altered))


def _width(policy: AuditPolicy) -> tuple[int, int, int]:
    """Return how narrow a policy is: its users, then its target, then its age."""
    scope = scope_named(policy.scope)
    rank = scope.rank(policy.scope_value) if scope else 0
    return rank, len(policy.target), policy.pk
