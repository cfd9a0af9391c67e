"""
What the index of an end gives away to who reads the table and knows the public.

    python -m benchmarks.end_leakage

Values are drawn as the public's are; the attacker counts equal indexes, puts the groups
in order of their size, and gives the largest the value that is most frequent in public.
No key is needed for that. The figures depend on the assumed shares and on no machine.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

ROWS = 100_000
SEED = 20_260_101


class Column(NamedTuple):
    """An indexed end, and how often its values occur among the public."""

    name: str
    shares: Sequence[float]


def falling(values: int, exponent: float) -> list[float]:
    """Return shares that fall with the rank, as those of names do."""
    weights = [(rank + 1) ** -exponent for rank in range(values)]
    return [one / sum(weights) for one in weights]


# Assumed; with these the five most frequent surnames have 31 %, the first hundred 74 %.
COLUMNS = (
    Column("name, first 1 (surname)", falling(500, 0.96)),
    Column("telephone, first 3 (network)", falling(45, 0.5)),
    Column("telephone, first 7 (network and city)", falling(3_000, 0.5)),
    Column("telephone, last 4", [1 / 10_000] * 10_000),
    Column("resident ID, first 6 (place of origin)", falling(2_800, 1.3)),
    Column("resident ID, last 4", [1 / 10_000] * 10_000),
)


class Leak(NamedTuple):
    """What was found in one column."""

    groups: int
    largest: int
    bits: float
    guessed: float


def leak_of(column: Column, rows: int = ROWS) -> Leak:
    """Return what so many rows of a column give away."""
    draw = random.Random(SEED)
    values = draw.choices(range(len(column.shares)), column.shares, k=rows)
    counted = Counter(values)
    by_size = [value for value, _ in counted.most_common()]
    by_share = sorted(range(len(column.shares)), key=lambda one: -column.shares[one])
    # Groups of one size, and values of one share, are in no order: chance decides.
    if len(set(column.shares)) == 1:
        draw.shuffle(by_share)
    right = sum(
        counted[value]
        for value, guess in zip(by_size, by_share, strict=False)
        if value == guess
    )
    bits = -sum(n / rows * math.log2(n / rows) for n in counted.values())
    return Leak(len(counted), max(counted.values()), bits, right / rows)


def main() -> None:
    """Print the table."""
    print(f"{ROWS:,} rows")
    print("| index of | groups | largest | bits of each value | rows guessed right |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for column in COLUMNS:
        leak = leak_of(column)
        print(
            f"| {column.name} | {leak.groups:,} | {leak.largest:,} "
            f"| {leak.bits:.1f} | {leak.guessed:.1%} |"
        )


if __name__ == "__main__":
    main()
