"""Nothing is eased where no test runner is at work."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator
from typing import Any

import pytest

from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.test import Client, RequestFactory, utils
from django.test.runner import DiscoverRunner

from jtsec.authentication import entry
from jtsec.authentication.argon2_profiles import PROFILES
from jtsec.authentication.exceptions import LoginRefused
from jtsec.authentication.hashers import JtsecArgon2Hasher
from jtsec.identity.api import identity_of
from jtsec.testing import people, reliefs, run
from jtsec.testing.moving_clock import MovingClock
from jtsec.testing.preparation import begin_run


@pytest.fixture
def runner() -> DiscoverRunner:
    """Return a test runner."""
    return DiscoverRunner()


@pytest.fixture
def begun(runner: DiscoverRunner) -> Iterator[run.Run]:
    """Return a run that has begun."""
    begun = begin_run(runner)
    yield begun
    begun.end()


@pytest.fixture
def as_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take Django's test environment away, which a server does not have."""
    monkeypatch.delattr(utils._TestState, "saved_data")


@pytest.mark.parametrize("holder", [object(), multiprocessing.current_process(), None])
def test_only_a_test_runner_begins_a_run(holder: Any) -> None:
    """Whoever is none gets nothing, although this is a test environment."""
    with pytest.raises(run.OutsideTestRun):
        begin_run(holder)
    assert not run.is_running()
    assert reliefs.left_in_place() == []


@pytest.mark.usefixtures("as_server")
def test_a_server_begins_no_run(runner: DiscoverRunner) -> None:
    """A runner without Django's test environment is no test run."""
    with pytest.raises(run.OutsideTestRun):
        begin_run(runner)
    assert reliefs.left_in_place() == []


def test_a_run_ends_without_a_trace(runner: DiscoverRunner) -> None:
    """Every function and every setting is as it was."""
    before = [vars(one.owner)[one.name] for one in reliefs.RELIEFS]
    begun = begin_run(runner)
    assert len(reliefs.left_in_place()) == len(reliefs.RELIEFS)
    begun.end()
    assert [vars(one.owner)[one.name] for one in reliefs.RELIEFS] == before
    assert not run.is_held()


def test_there_is_one_run(begun: run.Run, runner: DiscoverRunner) -> None:
    """A second one would put the reliefs in front of themselves."""
    with pytest.raises(run.OutsideTestRun):
        begin_run(runner)
    assert run.is_running()


def test_a_run_dies_with_its_runner() -> None:
    """Nobody keeps it alive by forgetting to end it."""
    begun = begin_run(DiscoverRunner())
    gc.collect()
    assert not run.is_running()
    begun.end()


def test_a_failed_beginning_leaves_nothing(
    runner: DiscoverRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a run is none."""

    def fail(begun: run.Run) -> None:
        raise RuntimeError

    monkeypatch.setattr("jtsec.testing.preparation._connect_receivers", fail)
    with pytest.raises(RuntimeError):
        begin_run(runner)
    assert reliefs.left_in_place() == []
    assert not run.is_held()


@pytest.mark.django_db
@pytest.mark.clause("A3.2.5", "A4.2")
def test_what_stays_in_place_eases_nothing(
    begun: run.Run, as_server: None, rf: RequestFactory
) -> None:
    """The environment is gone, the functions are still covered: all is as served."""
    assert reliefs.left_in_place()
    assert JtsecArgon2Hasher().profile() in PROFILES.values()
    root = User.objects.create_superuser("root")
    assert identity_of(root) is None
    Client().force_login(root)
    assert identity_of(root) is None
    with pytest.raises(LoginRefused):
        entry._require_person(root)
    with pytest.raises(run.OutsideTestRun):
        people.person()
    with pytest.raises(run.OutsideTestRun), MovingClock():
        pass


def found() -> list[str | None]:
    """Return the ids of what the checks say of reliefs."""
    return [one.id for one in run_checks(tags=["jtsec"]) if one.id == "jtsec.E017"]


@pytest.mark.django_db
def test_the_check_is_content_in_a_run_and_without_one(runner: DiscoverRunner) -> None:
    """Both are as they should be."""
    assert found() == []
    begun = begin_run(runner)
    assert found() == []
    begun.end()
    assert found() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("begun", "as_server")
def test_the_check_finds_reliefs_in_a_server() -> None:
    """E017: covered functions, and no test run."""
    assert found() == ["jtsec.E017"]


@pytest.mark.django_db
def test_the_check_finds_a_single_relief(monkeypatch: pytest.MonkeyPatch) -> None:
    """E017: also one that somebody put there by hand."""
    eased = reliefs.cheap_profile(JtsecArgon2Hasher.profile)
    monkeypatch.setattr(JtsecArgon2Hasher, "profile", eased)
    assert JtsecArgon2Hasher().profile() in PROFILES.values()
    assert found() == ["jtsec.E017"]
