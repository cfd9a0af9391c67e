"""Settings of the server in the tests of parallel logins."""

from __future__ import annotations

import os

from jtsec.preset.demands import DJANGO_HASHERS
from tests.settings import *  # noqa: F403 - a settings module built on another one
from tests.settings import DATABASES

ROOT_URLCONF = "tests.authentication.login_wsgi"
MIDDLEWARE = []
AUTHENTICATION_BACKENDS = ["jtsec.authentication.backend.IdentityBackend"]
PASSWORD_HASHERS = ["tests.authentication.cheap.CountingHasher", *DJANGO_HASHERS]
if "JTSEC_TEST_SLOTS" in os.environ:
    PASSWORD_HASHERS = ["jtsec.authentication.hashers.JtsecArgon2Hasher"]
    JTSEC_AUTHENTICATION_HASHING_SLOTS = int(os.environ["JTSEC_TEST_SLOTS"])

if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
    }
DEBUG_PROPAGATE_EXCEPTIONS = True
