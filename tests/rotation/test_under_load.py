"""
Keys are rotated while four processes work, and the rotation is killed three times.

Fifteen seconds in a run of the suite; `JTSEC_TEST_ROTATION_SECONDS=120` for the time
that is asked for: it rotates again and again until then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from jtsec.keys import api as keys
from jtsec.keys.api import Purpose
from tests import databases
from tests.plainapp.models import Driver

from .stored import key_ids
from .traffic import address_of

SECONDS = float(os.environ.get("JTSEC_TEST_ROTATION_SECONDS", "15"))
PROCESSES = 4
ROWS = 12000
COMMAND = (
    *(sys.executable, "-m", "django", "jtsec_keys_rotate", "field", "index"),
    *("--actor", "ops", "--reason", "yearly", "--json"),
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.clause("A6.3", "A10.3"),
]


@pytest.fixture
def environment(ops: Any, ring_file: Path) -> dict[str, str]:
    """Return the environment of the processes: this database, this ring."""
    return databases.child_environment(
        "tests.rotation.load_settings",
        JTSEC_TEST_KEYS=str(ring_file),
        PYTHONPATH=os.pathsep.join(sys.path),
    )


@pytest.fixture
def traffic(environment: Mapping[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Let processes work beside the test."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.rotation.traffic", str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(environment),
        )
        for number in range(PROCESSES)
    ]
    yield started
    for one in started:
        one.kill()
        one.wait()


def begin(environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a rotation, or go on with one."""
    return subprocess.Popen(
        COMMAND,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(environment),
    )


def kill_when(environment: Mapping[str, str], is_time: Callable[[], bool]) -> None:
    """Start a rotation and kill it by SIGKILL at a moment."""
    process = begin(environment)
    end = time.monotonic() + 60
    while not is_time() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    assert process.poll() is None, process.communicate()
    process.kill()
    process.communicate()


def under_the_first() -> int:
    """Return how many phones are under the first key."""
    (use,) = (one for one in keys.uses() if one.name == "plainapp.driver.phone")
    return use.count().get("field-1", 0)


def require_answers(working: list[subprocess.Popen[str]]) -> int:
    """Stop the traffic; none of it may have met an error. Returns how much it was."""
    done = 0
    for one in working:
        said, _ = one.communicate(timeout=60)
        told = json.loads(said)
        assert told["errors"] == []
        assert told["done"] > 10
        done += told["done"]
    return done


def test_users_notice_nothing_and_all_is_under_the_new_key(
    environment: dict[str, str], traffic: list[subprocess.Popen[str]]
) -> None:
    """Killed before the key is active, in the first batches, and in later ones."""
    ends = time.monotonic() + SECONDS
    Driver.objects.bulk_create(
        Driver(name="d", number=f"N{one}", phone=f"{one}", address=address_of(f"{one}"))
        for one in range(ROWS)
    )
    kill_when(environment, lambda: any(k.id == "field-2" for k in keys.key_status()))
    kill_when(environment, lambda: under_the_first() < Driver.objects.count() * 9 // 10)
    some = under_the_first() * 3 // 4
    kill_when(environment, lambda: under_the_first() <= some)
    assert under_the_first() > 0
    rounds = 0
    while rounds == 0 or time.monotonic() < ends:
        process = begin(environment)
        out, error = process.communicate(timeout=300)
        assert process.returncode == 0, error
        assert json.loads(out)["left"] == 0
        rounds += 1
    done = require_answers(traffic)
    field, index = keys.active(Purpose.FIELD).id, keys.active(Purpose.INDEX).id
    assert (field, index) == (f"field-{rounds + 1}", f"index-{rounds + 1}")
    total = Driver.objects.count()
    for name in ("phone", "address"):
        assert set(key_ids(Driver, name)) == {field}
    assert key_ids(Driver, "number_index") == {index: total}
    for row in Driver.objects.all():
        assert row.address == address_of(str(row.phone))
    assert [key.id for key in keys.key_status() if key.state == "replaced"] == []
    print(f"{rounds} rotations, 3 kills, {done} requests, {total} rows")
