"""What the stored policy proves about passing on, and about terminals."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from jtsec.core.evidence import Fact

from .conf import access_settings
from .functions import functions
from .holdings import unexpired
from .models import Propagation, RightGrant, TerminalBinding
from .stored_rows import address_bindings, idle_propagations


def facts() -> Iterator[Fact]:
    """Yield what holds, clause by clause."""
    passed = Propagation.objects.filter(unexpired())
    yield Fact(
        "A4.8",
        "Nobody's own hand is among those a right for use came through.",
        not _in_a_circle(),
        {
            "rights to pass on": passed.count(),
            "rights passed on for use": _uses().count(),
        },
    )
    idle, limit = idle_propagations(), access_settings().propagation_depth
    too_deep = passed.filter(depth__gt=limit).count()
    yield Fact(
        "A4.9",
        "No right is passed on that is not declared propagatable, or too deep.",
        not idle and not too_deep,
        {
            "propagatable": [one.right for one in functions() if one.propagatable],
            "passed on all the same, giving nothing": idle,
            "greatest depth": limit,
            "given deeper before that was the limit": too_deep,
        },
    )
    critical = [one.right for one in functions() if one.critical]
    yield Fact(
        "A4.11",
        "Critical functions work from terminals bound to the person alone.",
        True if critical else None,
        {
            "critical functions": critical,
            "bindings": TerminalBinding.objects.filter(unexpired()).count(),
            "by an address alone": address_bindings().count(),
        },
    )


def _uses() -> QuerySet[RightGrant]:
    return RightGrant.objects.filter(unexpired())


def _in_a_circle() -> bool:
    """Answer whether somebody uses a right that came through their own hands."""
    return any(
        str(row.identity.uid) in row.source.chain
        for row in _uses()
        .select_related("identity", "source")
        .defer("identity__resident_id")
    )
