"""Rounds, ratios, and how far apart they lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Spread:
    """The median of some rounds, with the smallest and the largest."""

    middle: float
    low: float
    high: float

    def text(self, digits: int = 2, sign: str = "") -> str:
        """Return it for a table."""
        form = f"{sign},.{digits}f"
        parts = (format(one, form) for one in (self.middle, self.low, self.high))
        return "{} ({} to {})".format(*parts)


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of the rounds."""
    return Spread(median(values), min(values), max(values))


def ratio(values: Sequence[float], base: Sequence[float]) -> Spread:
    """Return the spread of each round's ratio."""
    return spread([one / other for one, other in zip(values, base, strict=True)])


def difference(values: Sequence[float], base: Sequence[float]) -> Spread:
    """Return the spread of each round's difference."""
    return spread([one - other for one, other in zip(values, base, strict=True)])


def timed(ask: Callable[[], T], times: int) -> tuple[float, float, T]:
    """Return the milliseconds of the first time, their median, and the last answer."""
    taken = []
    for _turn in range(times):
        begin = perf_counter()
        answer = ask()
        taken.append((perf_counter() - begin) * 1000)
    return taken[0], median(taken), answer


def interleaved(
    names: Sequence[str], rounds: int, measure: Callable[[str], float]
) -> dict[str, list[float]]:
    """
    Measure each in turn, round by round: A, B, C, then C, B, A.

    Args:
        names: what is compared.
        rounds: how often.
        measure: takes a name and returns one figure.
    """
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            found[name].append(measure(name))
    return found


@dataclass
class Table:
    """Figures as they are printed and kept: in Markdown."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return it as Markdown."""
        head = [f"**{self.title}**", ""]
        bars = ["---", *["---:"] * (len(self.columns) - 1)]
        lines = [self.columns, bars, *self.rows]
        body = ["| " + " | ".join(line) + " |" for line in lines]
        notes = ["", *(f"- {note}" for note in self.notes)] if self.notes else []
        return "\n".join([*head, *body, *notes]) + "\n"
