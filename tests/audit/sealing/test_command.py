"""manage.py jtsec_audit_seal: once, in a loop, and what it says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest

from django.core.management import CommandError, call_command
from django.db import connection

from jtsec.audit import immutability
from jtsec.audit.sealing.api import checkpoints_after, lag
from jtsec.keys.key import Purpose
from tests import databases

from .log import grant, require_whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("A5.8")]


def say(*arguments: str) -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("jtsec_audit_seal", *arguments, stdout=out)
    return out.getvalue()


def test_it_says_what_it_sealed():
    """For people and for programs."""
    grant(3)
    assert json.loads(say("--json")) == {
        "checkpoints": [1],
        "records": 3,
        "lag": {"rows": 0, "seconds": 0.0},
    }
    assert "0" in say()


def test_its_exit_codes_tell_altered_from_impossible(use_ring):
    """1: something was altered; 2: it cannot be done now."""
    grant(1)
    say()
    use_ring(without=(Purpose.AUDIT_SIGNATURE,))
    with pytest.raises(CommandError) as found:
        say()
    assert found.value.returncode == 2
    use_ring()
    with immutability.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE jtsec_auditcheckpoint SET signature = body")
    with pytest.raises(CommandError) as found:
        say()
    assert found.value.returncode == 1


@pytest.mark.slow
def test_the_loop_seals_until_it_is_stopped(use_ring):
    """It outlives a failure, and ends in order when it is told to."""
    loop = subprocess.Popen(
        [
            *(sys.executable, "-m", "django", "jtsec_audit_seal", "--loop"),
            *("--seconds", "0.2", "--json"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=databases.child_environment(),
    )
    try:
        for _again in range(3):
            grant(2)
            wait_until_sealed()
    finally:
        loop.send_signal(signal.SIGTERM)
        out, err = loop.communicate(timeout=30)
    assert loop.returncode == 0, err
    said = [json.loads(line) for line in out.splitlines()]
    assert sum(one["records"] for one in said) == 6
    assert len(list(checkpoints_after(0))) == len(said) >= 3
    require_whole()


def wait_until_sealed() -> None:
    """Wait until nothing waits."""
    for _again in range(300):
        if not lag().rows:
            return
        time.sleep(0.1)
    raise AssertionError("nobody seals")
