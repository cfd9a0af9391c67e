"""What approvals can prove: who applied never decided, and what stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import CannotVerify, InputError, VerifiedFalse

from .conf import approvals_settings
from .kinds import known_kinds
from .models import MAKING, ApprovalRequest, ApprovalStep, State, StepKind
from .rows import read

SAMPLE = 200
"""The newest applications that were carried out, each verified with its history."""


def facts() -> Iterator[Fact]:
    """Yield what holds, clause by clause."""
    done = ApprovalRequest.objects.filter(state=State.EXECUTED).order_by("-closed_at")
    numbers = list(done.values_list("pk", flat=True)[:SAMPLE])
    broken, own = _examined(numbers)
    yield Fact(
        "A4.4",
        "Nobody approved what they raised or edited; no application was altered.",
        not broken and not own,
        {"examined": len(numbers), "altered": broken, "self-approved": own},
    )
    yield Fact(
        "A4.4",
        "Dangerous acts of the administrators' own take a second person.",
        bool(approvals_settings().acts) or None,
        {"acts": list(approvals_settings().acts)},
    )
    by_third = [one.code for one in known_kinds() if one.execute_right]
    yield Fact(
        "P45",
        "Corrections of data are carried out by a third person, with before and after.",
        None if not by_third else not broken,
        {"kinds": by_third, "carried out": done.count()},
    )
    yield Fact(
        "P54.3",
        "Acceptance and review of an application are two persons'.",
        not own,
        {"steps": ApprovalStep.objects.count()},
    )


def _examined(numbers: list[UUID]) -> tuple[int, int]:
    """Return how many applications are altered, and how many their makers approved."""
    broken = own = 0
    for number in numbers:
        try:
            steps = read(number).steps
        except (VerifiedFalse, CannotVerify, InputError):
            broken += 1
            continue
        makers = {one.actor_uid for one in steps if one.kind in MAKING}
        checkers = {one.actor_uid for one in steps if one.kind == StepKind.APPROVED}
        own += bool(makers & checkers)
    return broken, own
