"""A year of days as weeks: three hundred points in one chart tell nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

MOST_DAYS: Final = 92
WEEK: Final = 7


def readable(
    days: Sequence[str], series: Mapping[str, Sequence[int]]
) -> tuple[list[str], dict[str, list[int]]]:
    """
    Return days as they are, or as weeks where there are too many to be told apart.

    Args:
        days: their labels, without a gap.
        series: a count a day, by what was counted.

    Returns:
        Labels and counts; a week bears the label of its first day.
    """
    step = WEEK if len(days) > MOST_DAYS else 1
    starts = range(0, len(days), step)
    weeks = {
        name: [sum(counts[start : start + step]) for start in starts]
        for name, counts in series.items()
    }
    return [days[start] for start in starts], weeks
