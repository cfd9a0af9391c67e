"""The settings of the unit suite with anchors, for the child processes of a test."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403 - the same settings, and one more

JTSEC_AUDIT_ANCHORS = os.environ["JTSEC_TEST_ANCHOR"].split()
