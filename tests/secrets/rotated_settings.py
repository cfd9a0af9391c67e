"""A project whose database account is kept in the store, for gunicorn."""

from __future__ import annotations

import os

from jtsec.secrets import with_accounts
from tests.settings import *  # noqa: F403 - a settings module built on another one
from tests.settings import DATABASES

ROOT_URLCONF = "tests.secrets.rotated_wsgi"
MIDDLEWARE = []
DEBUG_PROPAGATE_EXCEPTIONS = True

_plain = DATABASES["default"]
DATABASES = {"default": with_accounts(_plain, "db.accounts")}
if "JTSEC_TEST_FIXED_ACCOUNT" in os.environ:
    # What others do: user and password of the process's start.
    DATABASES["default"]["ENGINE"] = _plain["ENGINE"]
# Some processes keep their connections, others connect for each request.
DATABASES["default"]["CONN_MAX_AGE"] = None if os.getpid() % 2 else 0
