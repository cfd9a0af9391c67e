"""The settings of a project with a sealed model and one that is not."""

from __future__ import annotations

from benchmarks.settings import *  # noqa: F403 - the same project, with one more app
from benchmarks.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.sealed_papers"]
