"""The counters: charged first, settled after, exact in every order of events."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jtsec.audit.models import AuditRecord
from jtsec.authentication import counters, lockout
from jtsec.authentication.api import Locked, attempt, reserve
from jtsec.authentication.models import Block, Counter
from jtsec.core import clock
from jtsec.core.source import Source

HERE = Source("10.0.0.1")


def elsewhere(number: int) -> Source:
    """Return another terminal."""
    return Source(f"10.0.1.{number}")


def refused(name: str, source: Source = HERE) -> str:
    """Return why an attempt is refused, "" when it would be looked at."""
    try:
        reserve(name, source).refund()
    except Locked as error:
        return error.reason
    return ""


def state(dimension: str = "user") -> tuple[int, int]:
    """Return failures and pending charges of the only counter of a dimension."""
    found = Counter.objects.get(dimension=dimension)
    return found.failures, found.pending


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nobody; what waiting is good for has a test of its own."""
    monkeypatch.setattr(lockout, "_patience", lambda: 0.0)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a verb that moves the lockout's clock."""
    moved = timedelta()

    def now() -> Any:
        return clock.now() + moved

    def move(**by: float) -> None:
        nonlocal moved
        moved += timedelta(**by)

    for module in ("lockout", "blocks"):
        monkeypatch.setattr(f"jtsec.authentication.{module}.now", now)
    return move


@pytest.mark.django_db
class TestInOrder:
    """One attempt after another."""

    def test_a_reservation_is_charged_before_anything_is_known(self) -> None:
        """In both dimensions."""
        reserve("li", HERE)
        assert (state("user"), state("terminal")) == ((0, 1), (0, 1))

    def test_settling_twice_settles_once(self) -> None:
        """A finally after a verdict must not take it back."""
        reservation = reserve("li", HERE)
        reservation.spend()
        reservation.refund()
        reservation.succeed()
        assert state() == (1, 0)

    def test_an_exit_without_a_verdict_gives_the_charge_back(self) -> None:
        """With or without an error."""
        with attempt("li", HERE):
            pass
        with pytest.raises(RuntimeError), attempt("li", HERE):
            raise RuntimeError
        assert (state("user"), state("terminal")) == ((0, 0), (0, 0))

    @pytest.mark.clause("A3.2.6")
    def test_no_more_are_pending_than_the_limit_has_places(self) -> None:
        """The sixth in the same instant is refused, and locks nobody."""
        held = [reserve("li", elsewhere(one)) for one in range(5)]
        assert refused("li") == "user-busy"
        assert not Block.objects.exists()
        assert state() == (0, 5)
        for one in held:
            one.refund()
        assert refused("li") == ""

    def test_a_success_in_the_middle_leaves_what_others_have_pending(self) -> None:
        """Else one good login would give a burst of guesses a fresh counter."""
        guesses = [reserve("li", elsewhere(one)) for one in range(3)]
        good = reserve("li", HERE)
        guesses[0].spend()
        good.succeed()
        assert state() == (0, 2)
        more = [reserve("li", elsewhere(9)) for _ in range(3)]
        assert refused("li") == "user-busy"
        for one in [*guesses[1:], *more]:
            one.spend()
        assert refused("li") == "user-locked"
        assert Block.objects.get().failures == 5

    @pytest.mark.clause("A3.2.7")
    def test_the_terminal_pays_for_tries_at_a_locked_user(self) -> None:
        """Whoever meets a lock must not go on for ever."""
        for one in range(5):
            reserve("li", elsewhere(one)).spend()
        for _ in range(20):
            assert refused("li") == "user-locked"
        assert refused("li") == "terminal-blocked"
        assert refused("somebody-else") == "terminal-blocked"
        assert refused("somebody-else", elsewhere(1)) == ""

    @pytest.mark.clause("A3.2.7")
    def test_a_blocked_terminal_brings_no_user_nearer_to_a_lock(self) -> None:
        """A machine on the blacklist cannot lock the whole office."""
        for one in range(20):
            reserve(f"user{one}", HERE).spend()
        for _ in range(10):
            assert refused("li") == "terminal-blocked"
        assert refused("li", elsewhere(1)) == ""
        assert not Block.objects.filter(dimension="user").exists()

    @pytest.mark.clause("A3.2.7")
    def test_a_terminal_comes_off_the_list_after_its_time(self, later: Any) -> None:
        """And begins anew; the history keeps the block."""
        for one in range(20):
            reserve(f"user{one}", HERE).spend()
        assert refused("li") == "terminal-blocked"
        later(minutes=29)
        assert refused("li") == "terminal-blocked"
        later(minutes=2)
        assert refused("li") == ""
        assert state("terminal") == (0, 0)
        assert Block.objects.count() == 1

    @pytest.mark.clause("A3.2.7")
    def test_a_user_stays_locked_until_lifted(self, later: Any) -> None:
        """By default time alone opens nothing."""
        for _ in range(5):
            reserve("li", HERE).spend()
        later(days=400)
        assert refused("li") == "user-locked"

    def test_a_user_may_be_locked_for_a_time(self, settings: Any, later: Any) -> None:
        """Where the project says so; the second lock is a second row."""
        settings.JTSEC_AUTHENTICATION_USER_LOCK_MINUTES = 10
        for _ in range(5):
            reserve("li", HERE).spend()
        assert refused("li") == "user-locked"
        later(minutes=11)
        for _ in range(5):
            reserve("li", HERE).spend()
        assert refused("li") == "user-locked"
        assert Block.objects.count() == 2

    def test_failures_older_than_the_window_are_forgotten(self, later: Any) -> None:
        """Four typing errors yesterday and one today lock nobody."""
        for _ in range(4):
            reserve("li", HERE).spend()
        later(minutes=1441)
        reserve("li", HERE).spend()
        assert state() == (1, 0)

    def test_a_verdict_from_an_older_window_does_not_touch_the_new_one(
        self, later: Any
    ) -> None:
        """A very slow attempt belongs to the budget it was charged to."""
        slow = reserve("li", HERE)
        later(minutes=1441)
        reserve("li", HERE).spend()
        slow.refund()
        assert state() == (1, 0)

    def test_charges_of_a_process_that_died_become_failures(self, later: Any) -> None:
        """Who can crash a worker must not guess for free."""
        for _ in range(3):
            reserve("li", HERE)
        later(minutes=3)
        reserve("li", HERE).refund()
        assert state() == (3, 0)
        reserve("li", HERE).succeed()
        assert state() == (0, 0)

    def test_a_counter_full_of_dead_charges_locks_and_can_be_lifted(
        self, later: Any
    ) -> None:
        """Else the user would be refused without any lock in the list."""
        for one in range(5):
            reserve("li", elsewhere(one))
        assert refused("li") == "user-busy"
        later(minutes=3)
        assert refused("li") == "user-locked"
        assert Block.objects.get().failures == 5

    def test_a_lock_is_announced_once_and_every_refusal_counted_apart(self) -> None:
        """A flood of refusals does not bury the one alarm."""
        for _ in range(5):
            reserve("li", HERE).spend()
        for _ in range(5):
            refused("li", elsewhere(1))
        alarms = AuditRecord.objects.filter(code="authentication:user:locked")
        assert alarms.count() == 1

    def test_counters_that_say_nothing_any_more_are_removed(self, later: Any) -> None:
        """Names that nobody has must not fill the disk; locks stay."""
        for one in range(3):
            reserve(f"made-up-{one}", elsewhere(one)).spend()
        for _ in range(5):
            reserve("li", HERE).spend()
        later(days=3)
        lockout.prune()
        assert [one.failures for one in Counter.objects.all()] == [5]

    @pytest.mark.parametrize("name", ["", "x" * 100_000, "a\0b", "\ud800", "𠮷" * 300])
    def test_any_name_can_be_counted(self, name: str) -> None:
        """Whatever is typed has a counter, and no error."""
        for _ in range(5):
            reserve(name, HERE).spend()
        assert refused(name) == "user-locked"

    def test_both_ways_of_writing_a_counter_agree(
        self, monkeypatch: pytest.MonkeyPatch, later: Any
    ) -> None:
        """The statements for MySQL, tried on this database, step by step."""
        if not counters.knows_upsert("default"):
            pytest.skip("this database knows one of the two ways")
        seen: list[list[tuple[int, int, bool]]] = []
        for way in (True, False):
            Counter.objects.all().delete()
            monkeypatch.setattr(counters, "knows_upsert", lambda alias, w=way: w)
            steps = []
            pending = [reserve("li", elsewhere(one)) for one in range(3)]
            actions = [
                pending[0].spend,
                reserve("li", HERE).succeed,
                pending[1].refund,
                lambda: later(minutes=3),
                lambda: refused("li"),
                *[lambda: reserve("li", HERE).spend() for _ in range(4)],
                lambda: refused("li"),
            ]
            for act in actions:
                act()
                one = Counter.objects.get(dimension="user")
                steps.append((one.failures, one.pending, one.blocked_until > 0))
            seen.append(steps)
            Block.objects.all().delete()
        assert seen[0] == seen[1]
        assert seen[0][-1] == (5, 0, True)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Threads with connections of their own."""

    @pytest.mark.clause("A3.2.6")
    def test_forty_threads_get_five_places(self) -> None:
        """The statement that looks for a place takes it."""
        gate, taken = threading.Barrier(40), []

        def run(number: int) -> None:
            gate.wait()
            try:
                taken.append(reserve("li", elsewhere(number)))
            except Locked:
                pass
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(one,)) for one in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == 5
        assert state() == (0, 5)

    def test_who_finds_every_place_taken_waits_for_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Valid logins in parallel are not refused; they take a moment longer."""
        monkeypatch.setattr(lockout, "_patience", lambda: 20.0)
        held = [reserve("li", elsewhere(one)) for one in range(5)]
        served: list[str] = []

        def run() -> None:
            try:
                reserve("li", HERE).succeed()
                served.append("in")
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert not served
        for one in held:
            one.refund()
        for thread in threads:
            thread.join()
        assert served == ["in"] * 3
        assert state() == (0, 0)

    @pytest.mark.clause("A3.2.6")
    def test_a_charge_survives_the_rollback_of_the_request(self) -> None:
        """Who can make the view fail must not guess for free (ATOMIC_REQUESTS)."""
        if connection.vendor == "sqlite":
            pytest.skip("SQLite has one writer; the outer transaction is in its way")
        with pytest.raises(RuntimeError), transaction.atomic():
            Counter.objects.count()
            reserve("li", HERE).spend()
            raise RuntimeError
        assert state() == (1, 0)


@pytest.mark.django_db(transaction=True)
class TestInterrupted:
    """The process, or its database, ends between two writes."""

    @pytest.mark.clause("P44.4")
    def test_a_lock_is_not_there_without_its_history(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Both or neither; the attempt stays charged, so nothing was won by it."""
        for one in range(4):
            reserve("li", elsewhere(one)).spend()
        last = reserve("li", HERE)

        def fail(*args: Any, **kwargs: Any) -> None:
            raise DatabaseError

        monkeypatch.setattr(lockout, "note_block", fail)
        with pytest.raises(DatabaseError):
            last.spend()
        counter = Counter.objects.get(dimension="user")
        assert (counter.failures, counter.pending, counter.blocked_until) == (4, 1, 0)
        assert not Block.objects.exists()

    def test_a_good_login_needs_no_transaction_for_its_counters(self) -> None:
        """Charge and refund are one statement each, and commit by themselves."""
        if not counters.knows_upsert("default"):
            pytest.skip("MySQL takes several statements")
        reserve("li", HERE).succeed()
        with CaptureQueriesContext(connection) as queries:
            reserve("li", HERE).succeed()
        assert [one["sql"].split()[0] for one in queries] == ["INSERT", "INSERT"]
