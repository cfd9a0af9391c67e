"""
Statistics that a few odd days do not bend: median and median absolute deviation.

Counts of a day scatter more the larger they are. Their square roots scatter alike
(Anscombe: 2·√(n + 3/8) has a standard deviation of about 1 where n is a Poisson
count), so one score serves someone with 5 queries a day and someone with 500. The
median and the MAD are not moved by the few days on which something was wrong, where
mean and standard deviation would learn the attack as usual. A scale below 1 would be
less than chance itself, and is taken as 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import median
from typing import Final

TO_SIGMA: Final = 1.4826
"""MAD of a normal distribution times this is its standard deviation."""


def level(number: float) -> float:
    """Return a count on the scale on which counts scatter alike."""
    return 2.0 * sqrt(number + 0.375)


def limit(counts: Sequence[int], score: float) -> float:
    """
    Return the count that lies a number of robust standard deviations above the usual.

    Args:
        counts: what was usual; not empty.
        score: robust standard deviations.
    """
    levels = [level(one) for one in counts]
    middle = median(levels)
    scale = max(TO_SIGMA * median([abs(one - middle) for one in levels]), 1.0)
    return float(((middle + score * scale) / 2.0) ** 2 - 0.375)
