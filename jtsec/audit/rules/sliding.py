"""
Counts what happened within the last seconds, in sixty steps that slide along.

Exact to a sixtieth of the width, and small enough to be stored after each look: a list
of the width, the sum, and the steps that are not empty.
"""

from __future__ import annotations

from typing import Any, Final

STEPS: Final = 60


def count(piece: list[Any], second: float, width: int) -> int:
    """
    Take note of one thing that happened, and return how many did lately.

    Args:
        piece: what is remembered, changed in place; an empty list to begin with.
        second: when, in seconds since 1970; may be before the last one.
        width: seconds to look back.

    Returns:
        How many there were in the `width` seconds before the newest.
    """
    if not piece or piece[0] != width:
        piece[:] = [width, 0, []]
    steps = piece[2]
    now = int(second * STEPS / width)
    if steps and now <= steps[-1][0]:
        return _count_late(piece, now)
    steps.append([now, 1])
    piece[1] += 1
    while steps[0][0] <= now - STEPS:
        piece[1] -= steps.pop(0)[1]
    total: int = piece[1]
    return total


def _count_late(piece: list[Any], now: int) -> int:
    steps = piece[2]
    if steps[-1][0] == now:
        steps[-1][1] += 1
        piece[1] += 1
    elif now > steps[-1][0] - STEPS:
        place = next(index for index, one in enumerate(steps) if one[0] >= now)
        if steps[place][0] == now:
            steps[place][1] += 1
        else:
            steps.insert(place, [now, 1])
        piece[1] += 1
    elif now < steps[-1][0] - 2 * STEPS:
        # Far in the past: a clock was set back, and the memory is of a false future.
        piece[1:] = [1, [[now, 1]]]
    total: int = piece[1]
    return total
