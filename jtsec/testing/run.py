"""
The run: the one thing that makes the relief of `reliefs` work.

It is begun by a test runner, which shows itself, in a process whose test environment
Django has set up. No setting, variable or command begins it, and nothing it eases
stays eased once the runner is gone: each relief asks `is_running` every time.
"""

from __future__ import annotations

import multiprocessing
import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.conf import settings
from django.test import runner, utils

from jtsec.core.exceptions import ConfigurationError


class OutsideTestRun(ConfigurationError):
    """Says that somebody asked for relief, and no test runner is at work."""


class Run:
    """
    One test run in this process; held by its runner, ended with it.

    Args:
        holder: the runner.
    """

    def __init__(self, holder: object) -> None:
        self._holder = weakref.ref(holder)
        self._stack = ExitStack()

    @property
    def is_alive(self) -> bool:
        """Answer whether the runner is still there, and so is Django's environment."""
        return self._holder() is not None and is_test_environment()

    def enter(self, context: Any) -> None:
        """Keep a context manager entered until the end of the run."""
        self._stack.enter_context(context)

    def end(self) -> None:
        """Put everything back as it was."""
        global _running  # noqa: PLW0603 - the one run of the process
        if _running is self:
            _running = None
        self._stack.close()


_running: Run | None = None
_is_in_operation: ContextVar[bool] = ContextVar("jtsec_as_in_operation", default=False)
_PYTEST: Final = "_pytest.main"


def begin(holder: object, *prepare: Callable[[Run], None]) -> Run:
    """
    Begin the run of a test runner.

    Args:
        holder: the runner: a `DiscoverRunner`, a pytest session, or the process of a
            worker that Django's parallel runner has started.
        prepare: what to ease; each is given the run.

    Raises:
        OutsideTestRun: the holder is no test runner, or Django's test environment is
            not set up: this may be a server.
    """
    global _running  # noqa: PLW0603 - the one run of the process
    if not is_test_environment() or not _is_runner(holder):
        raise OutsideTestRun("jtsec.testing works in a test run and nowhere else")
    if _running is not None and _running.is_alive:
        raise OutsideTestRun("a test run is going on in this process already")
    run = _running = Run(holder)
    try:
        for step in prepare:
            step(run)
    except BaseException:
        run.end()
        raise
    return run


def is_running() -> bool:
    """Answer whether to ease now: in the middle of a run, and not in a check."""
    return is_alive() and not _is_in_operation.get()


def is_alive() -> bool:
    """Answer whether this process is in the middle of a test run."""
    return _running is not None and _running.is_alive


@contextmanager
def as_in_operation() -> Iterator[None]:
    """
    Ease nothing in the block, and show the DEBUG of the settings.

    For the checks: a run of tests begins with them, and they judge what will be
    served, not the run.
    """
    token = _is_in_operation.set(True)
    configured: bool = utils._TestState.saved_data.debug  # type: ignore[attr-defined]  # no stub
    try:
        if configured == settings.DEBUG:
            yield
        else:
            with utils.override_settings(DEBUG=configured):
                yield
    finally:
        _is_in_operation.reset(token)


def is_held() -> bool:
    """Answer whether a run was begun and not ended, alive or not; for the check."""
    return _running is not None


def is_test_environment() -> bool:
    """Answer whether Django's test environment is set up, which no setting does."""
    return hasattr(utils._TestState, "saved_data")


def _is_runner(holder: object) -> bool:
    if isinstance(holder, runner.DiscoverRunner):
        return True
    session = getattr(sys.modules.get(_PYTEST), "Session", None)
    if session is not None and isinstance(holder, session):
        return True
    is_own = holder is multiprocessing.current_process()
    return is_own and bool(runner._worker_id)  # type: ignore[attr-defined]  # no stub
