"""
The test runner of projects that use Django's own: one line in settings.py.

    TEST_RUNNER = "jtsec.testing.runner.JtsecRunner"

A project with a runner of its own puts `JtsecRun` before it.
"""

from __future__ import annotations

import atexit
import multiprocessing
from typing import TYPE_CHECKING, Any

from django.test import runner

if TYPE_CHECKING:
    from .run import Run


def _begin_run(holder: object) -> Run:
    # A worker that was spawned imports this module before Django is set up.
    from .preparation import begin_run  # noqa: PLC0415 - see above

    return begin_run(holder)


def _init_worker(*args: Any, **kwargs: Any) -> None:
    """Set up a worker as Django does; one that was not forked begins its own run."""
    runner._init_worker(*args, **kwargs)  # type: ignore[attr-defined]  # no stub
    if multiprocessing.get_start_method() != "fork":
        run = _begin_run(multiprocessing.current_process())
        atexit.register(run.end)


class JtsecParallelSuite(runner.ParallelTestSuite):
    """Runs tests in workers, each with its run."""

    init_worker = _init_worker


class JtsecRun:
    """Mixin for a `DiscoverRunner`: a run of jtsec from beginning to end."""

    parallel_test_suite: type[runner.ParallelTestSuite] = JtsecParallelSuite
    _jtsec_run: Run | None = None

    def setup_test_environment(self, **kwargs: Any) -> None:
        """Begin the run, Django's environment being set up."""
        super().setup_test_environment(**kwargs)  # type: ignore[misc]  # of the runner
        self._jtsec_run = _begin_run(self)

    def teardown_test_environment(self, **kwargs: Any) -> None:
        """End the run."""
        if self._jtsec_run is not None:
            self._jtsec_run.end()
        super().teardown_test_environment(**kwargs)  # type: ignore[misc]  # of the runner


class JtsecRunner(JtsecRun, runner.DiscoverRunner):
    """Is Django's runner, with a run of jtsec."""
