"""Settings of a small project that is served by several processes in the tests."""

from __future__ import annotations

import json
import os
from typing import Any

from tests.settings import *  # noqa: F403 - a project like the one of the suite

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "tests.sessions.urls"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SESSION_COOKIE_SECURE = False
SESSION_ENGINE = "jtsec.sessions.engine"

CHANGES = "JTSEC_TEST_SESSION_SETTINGS"
WITHOUT_GATE = "JTSEC_TEST_WITHOUT_GATE"

changes: dict[str, Any] = json.loads(os.environ.get(CHANGES, "{}"))
if changes.pop("ATOMIC_REQUESTS", False):
    DATABASES["default"]["ATOMIC_REQUESTS"] = True  # noqa: F405 - of the suite
globals().update(changes)
