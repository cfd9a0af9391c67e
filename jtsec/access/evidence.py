"""What access can prove."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact

from . import (
    function_evidence,
    role_evidence,
    scope_evidence,
    setting_up_evidence,
    stored_evidence,
)
from .exposure_map import exposed_views


def facts() -> Iterator[Fact]:
    """Yield how many views are closed, behind a login or a right, and open."""
    counts: dict[str, int] = {}
    for one in exposed_views():
        counts[one.requirement.kind] = counts.get(one.requirement.kind, 0) + 1
    yield Fact(
        clause="A3.1.1",
        statement="Every view is closed unless it is declared; views by kind.",
        holds=True,
        value=counts,
    )
    yield from function_evidence.facts()
    yield from role_evidence.facts()
    yield from stored_evidence.facts()
    yield from setting_up_evidence.facts()
    yield from scope_evidence.facts()
