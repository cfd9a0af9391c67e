"""A sealer that dies at any instruction leaves a whole log; the next one goes on."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import anchor_of, checkpoints_after
from tests import databases
from tests.audit.dying import dying_in

from .log import grant, require_whole

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.clause("A5.8"),
]

PROGRAM = dying_in("jtsec.audit.sealing.api", "seal_now")
DEATHS = int(os.environ.get("JTSEC_TEST_DEATHS", "5"))


def seal_until(lines: int, anchor: str) -> subprocess.CompletedProcess[str]:
    """Let a process seal until it has run so many lines; 0 for to the end."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, str(lines)],
        capture_output=True,
        text=True,
        check=False,
        env=databases.child_environment(
            "tests.audit.sealing.anchored", JTSEC_TEST_ANCHOR=anchor
        ),
    )


@pytest.mark.slow
def test_a_sealer_killed_anywhere_loses_and_doubles_nothing(tmp_path):
    """Deaths spread over all the lines of a pass, with its anchor."""
    anchor = f"file:{tmp_path / 'anchor.log'}"
    grant(5)
    done = seal_until(0, anchor)
    assert done.returncode == 0, done.stderr
    whole = int(done.stdout)
    chosen = random.Random(3)
    for turn in range(DEATHS):
        grant(3)
        low, high = turn * whole // DEATHS, (turn + 1) * whole // DEATHS
        died = seal_until(chosen.randint(low + 1, high), anchor)
        assert died.returncode in (-9, 0), died.stderr
        require_whole(everything=False)
    done = seal_until(0, anchor)
    assert done.returncode == 0, done.stderr
    require_whole()
    held = {(one.number, one.hash) for one in anchor_of(anchor).read()}
    assert held == {(one.number, bytes(one.hash)) for one in checkpoints_after(0)}
    assert not AuditRecord.objects.filter(severity=40).exists()
