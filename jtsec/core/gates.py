"""
Checks in an order: what comes first is reported first, and alone.

Somebody who adds jtsec to a project is led step by step: choose a profile, apply the
preset, make the keys. Before each step stands a gate; while it is shut, the checks
behind it say nothing, for all they could say follows from that one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any

from django.core import checks

Check = Callable[..., Sequence[checks.CheckMessage]]

_gates: dict[int, Check] = {}


def register_gate(check: Check, rank: int) -> None:
    """
    Register a check that the others wait for.

    Args:
        check: the check; the gate is open when it reports nothing.
        rank: its place; a gate waits for those of lower rank.
    """
    _gates[rank] = check
    checks.register(_behind(check, rank), "jtsec")


def register(check: Check, *tags: str, deploy: bool = False) -> None:
    """Register a check behind every gate; takes what Django's `register` takes."""
    checks.register(_behind(check, None), *tags, deploy=deploy)


def are_open(before: int | None = None) -> bool:
    """Answer whether no gate, or none before a rank, has anything to report."""
    ranks = [rank for rank in sorted(_gates) if before is None or rank < before]
    return not any(_gates[rank](None) for rank in ranks)


@cache
def _behind(check: Check, rank: int | None) -> Check:
    """Return one wrapper for a check, so that wiring it twice reports it once."""

    @wraps(check)
    def gated(*args: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:
        return check(*args, **kwargs) if are_open(rank) else []

    return gated
