"""
Facts a control can prove, for the compliance report.

A control registers one function; the report calls them all. The type and the list
live here, low, so that a control names no reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """
    One measured fact.

    Args:
        clause: the clause it speaks to, such as "A3.2.7".
        statement: an English sentence, what was measured.
        holds: True satisfied, False a gap, None could not be measured.
        value: what was measured, JSON-able.
    """

    clause: str
    statement: str
    holds: bool | None
    value: object = None


_providers: dict[str, Callable[[], Iterable[Fact]]] = {}


def register_evidence(control: str, provider: Callable[[], Iterable[Fact]]) -> None:
    """Let a control answer for itself; called once, from its wiring."""
    _providers[control] = provider


def collect() -> dict[str, list[Fact]]:
    """Return every control's facts, by control."""
    return {control: list(provider()) for control, provider in _providers.items()}
