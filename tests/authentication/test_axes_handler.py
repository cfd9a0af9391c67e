"""django-axes with our handler: its pages and decorators, our counters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.clause("A3.2.6")
def test_a_project_with_axes_is_locked_by_our_engine() -> None:
    """axes' own limit of 1000, its white list and its reset have no say."""
    pytest.importorskip("axes")
    done = subprocess.run(
        [sys.executable, "-m", "tests.authentication.axes_project"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == "kept\n", done.stderr
