"""The measurement of writers beside a sealer still runs; how fast, no test says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import RUN_DIRECTORY
from tests.thoroughness import only_in_full

ROOT = Path(__file__).resolve().parents[2]


@only_in_full
@pytest.mark.slow
@pytest.mark.postgres
def test_it_runs_on_tiny_sizes() -> None:
    """It ends, and what eight writers wrote beside a sealer verifies."""
    environment = {k: v for k, v in os.environ.items() if k != RUN_DIRECTORY}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.audit_writing", "--wait", "0"),
            *("--rounds", "1", "--seconds", "0.5", "--rows", "100"),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "verification of everything: 0 findings" in done.stdout
