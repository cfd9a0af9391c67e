"""
How much a proof repeats: what each run can afford, or `JTSEC_TEST_FULL=1`, all of it.

Sizes alone may depend on it. What a short run cannot see at all is skipped by name.
"""

from __future__ import annotations

import os
from typing import TypeVar

import pytest

T = TypeVar("T")

IS_FULL = bool(os.environ.get("JTSEC_TEST_FULL"))


def sized(usual: T, full: T) -> T:
    """Return the size of this run."""
    return full if IS_FULL else usual


only_in_full = pytest.mark.skipif(not IS_FULL, reason="run with JTSEC_TEST_FULL=1")
