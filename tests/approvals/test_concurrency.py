"""Two approvers in the same instant: what was applied for is done once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from django.db import connections

from jtsec.approvals import api
from jtsec.approvals.application import Application
from jtsec.approvals.models import ApprovalRequest, State
from tests import databases
from tests.plainapp.models import Vehicle

from . import desk

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.concurrency,
    pytest.mark.usefixtures("cheap_passwords"),
    pytest.mark.clause("A4.4"),
]
AT_ONCE = 6


def add_vehicle(application: Application) -> None:
    """Do something whose repetition is seen."""
    Vehicle.objects.create(owner_id=application.payload["driver"], plate="1")


@pytest.fixture(autouse=True)
def adding() -> Any:
    """Know a kind that adds a vehicle, in place of the one that renames."""
    with desk.known(desk.kind(executor=add_vehicle)):
        yield


def at_once(work: Callable[[int], Any], number: int = AT_ONCE) -> list[Any]:
    """Run work in threads that start together; return results or errors."""
    barrier = Barrier(number)

    def run(which: int) -> Any:
        try:
            barrier.wait(timeout=30)
            return work(which)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_several_approvers_at_once_execute_once() -> None:
    """One is heard; the others are told that it changed."""
    zhang = desk.somebody("zhang", desk.FILE)
    checkers = [desk.somebody(f"li{one}", desk.CHECK) for one in range(AT_ONCE)]
    for _try in range(3):
        row = desk.file(zhang, desk.driver())

        def approve(which: int, row: ApprovalRequest = row) -> Any:
            with desk.as_user(checkers[which]):
                return api.approve(row.id, revision=row.revision)

        results = at_once(approve)
        done = [one for one in results if isinstance(one, ApprovalRequest)]
        assert len(done) == 1, results
        others = [one for one in results if not isinstance(one, ApprovalRequest)]
        assert {type(one) for one in others} == {api.ApprovalRefused}, others
        assert {one.reason for one in others} == {"wrong-state"}
        owner = int(row.resource.rpartition(":")[2])
        assert Vehicle.objects.filter(owner_id=owner).count() == 1
        assert api.find(row.id).state == State.EXECUTED


def test_without_the_lock_it_would_be_done_more_than_once_or_torn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What remains is the unique number of a step, and what the audit knows closed."""
    from contextlib import contextmanager

    from django.db import transaction

    from jtsec.approvals import rows, verdicts

    @contextmanager
    def no_gate() -> Any:
        with transaction.atomic():
            yield

    def unlocked(request_id: Any) -> Any:
        held = rows.read(request_id)
        barrier.wait(timeout=20)
        return held

    barrier = Barrier(2)
    monkeypatch.setattr(verdicts, "serialised", no_gate)
    monkeypatch.setattr(verdicts, "locked", unlocked)
    zhang = desk.somebody("zhang", desk.FILE)
    checkers = [desk.somebody(f"li{one}", desk.CHECK) for one in range(2)]
    row = desk.file(zhang, desk.driver())

    def approve(which: int) -> Any:
        with desk.as_user(checkers[which]):
            return api.approve(row.id, revision=row.revision)

    results = at_once(approve, 2)
    told = {one.reason for one in results if isinstance(one, api.ApprovalRefused)}
    assert "wrong-state" not in told, "without the lock both get through the judging"


PROGRAM = """
import sys
import django
django.setup()
from django.contrib.auth import get_user_model
from jtsec.approvals import api
from tests.approvals import desk
from tests.approvals.test_concurrency import add_vehicle
from tests.authentication.persons import loaded
with desk.known(desk.kind(executor=add_vehicle)):
    user = loaded(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    with desk.as_user(user):
        try:
            print(api.approve(sys.argv[2], revision=int(sys.argv[3])).state)
        except api.ApprovalRefused as error:
            print(error.reason)
"""


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start a process on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=databases.child_environment(),
    )


def said(process: subprocess.Popen[str]) -> str:
    """Return the next line a process says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.slow
def test_two_processes_execute_once() -> None:
    """Two approvers at two machines press the button together."""
    zhang = desk.somebody("zhang", desk.FILE)
    for name in ("li", "wang"):
        desk.somebody(name, desk.CHECK)
    row = desk.file(zhang, desk.driver())
    processes = [start(name, str(row.id), str(row.revision)) for name in ("li", "wang")]
    try:
        assert [said(one) for one in processes] == ["ready", "ready"]
        for one in processes:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        results = sorted(said(one) for one in processes)
    finally:
        for one in processes:
            one.communicate(timeout=60)
    assert results == ["executed", "wrong-state"]
    assert Vehicle.objects.count() == 1


def test_a_right_taken_away_at_the_same_instant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever comes first is first: never an approval after the right was gone."""
    zhang = desk.somebody("zhang", desk.FILE)
    for which in range(4):
        li = desk.somebody(f"li{which}", desk.CHECK)
        row = desk.file(zhang, desk.driver())

        def work(side: int, row: ApprovalRequest = row, li: Any = li) -> Any:
            if side == 0:
                return desk.take(li, desk.CHECK)
            with desk.as_user(li):
                return api.approve(row.id, revision=row.revision)

        _taken, approved = at_once(work, 2)
        stored = api.find(row.id)
        if isinstance(approved, ApprovalRequest):
            assert stored.state == State.EXECUTED
        else:
            assert isinstance(approved, api.ApprovalRefused), approved
            assert approved.reason == "right-missing"
            assert stored.state == State.PENDING


def test_a_right_taken_away_a_moment_ago_is_not_remembered() -> None:
    """What a connection knew for a second counts for lists, not for a verdict."""
    zhang = desk.somebody("zhang", desk.FILE)
    li = desk.somebody("li", desk.CHECK)
    first, second = desk.file(zhang, desk.driver()), desk.file(zhang, desk.driver())
    with desk.as_user(li):
        api.approve(first.id, revision=first.revision)
    at_once(lambda which: desk.take(li, desk.CHECK), 1)
    with desk.as_user(li), pytest.raises(api.ApprovalRefused):
        api.approve(second.id, revision=second.revision)
