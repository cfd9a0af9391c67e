"""A project whose processes are killed while it works; see `test_killed_processes`."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403 - a project like the one of the suite

ROOT_URLCONF = "tests.audit.sealing.killed_site"
JTSEC_AUDIT_SEAL_SECONDS = 1
JTSEC_AUDIT_ANCHORS = os.environ["JTSEC_TEST_ANCHOR"].split()
