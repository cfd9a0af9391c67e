"""A project whose keys are rotated while it works; see `test_under_load`."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403 - a project like the one of the suite

JTSEC_KEYS_FILE = os.environ["JTSEC_TEST_KEYS"]
