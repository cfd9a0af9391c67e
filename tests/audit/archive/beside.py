"""The settings of the unit suite with a side database, for a child process."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403 - the same settings, and a few more
from tests.settings import DATABASES

DATABASES["side"] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": os.environ["JTSEC_TEST_SIDE"],
}
JTSEC_AUDIT_ARCHIVE_DIRECTORY = os.environ["JTSEC_TEST_ARCHIVE"]
