"""
The test runner of projects that use Django's own: one line in settings.py.

    TEST_RUNNER = "jtsec.testing.runner.JtsecRunner"

A project with a runner of its own puts `JtsecRun` before it.
"""

from __future__ import annotations

import multiprocessing
from typing import Any

from django.test import runner

from .preparation import begin_run
from .run import Run


def _init_worker(*args: Any, **kwargs: Any) -> None:
    """Set up a worker as Django does; one that was not forked begins its own run."""
    runner._init_worker(*args, **kwargs)  # type: ignore[attr-defined]  # no stub
    if multiprocessing.get_start_method() != "fork":
        # Kept by the process, which is the holder.
        begin_run(multiprocessing.current_process())


class JtsecParallelSuite(runner.ParallelTestSuite):
    """Runs tests in workers, each with its run."""

    init_worker = staticmethod(_init_worker)


class JtsecRun:
    """Mixin for a `DiscoverRunner`: a run of jtsec from beginning to end."""

    parallel_test_suite: type[runner.ParallelTestSuite] = JtsecParallelSuite
    _jtsec_run: Run | None = None

    def setup_test_environment(self, **kwargs: Any) -> None:
        """Begin the run, Django's environment being set up."""
        super().setup_test_environment(**kwargs)  # type: ignore[misc]  # of the runner
        self._jtsec_run = begin_run(self)

    def teardown_test_environment(self, **kwargs: Any) -> None:
        """End the run."""
        if self._jtsec_run is not None:
            self._jtsec_run.end()
        super().teardown_test_environment(**kwargs)  # type: ignore[misc]  # of the runner


class JtsecRunner(JtsecRun, runner.DiscoverRunner):
    """Is Django's runner, with a run of jtsec."""
