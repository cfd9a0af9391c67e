"""Settings of the server in the tests of parallel logins."""

from __future__ import annotations

from jtsec.preset.demands import DJANGO_HASHERS
from tests.settings import *  # noqa: F403 - a settings module built on another one
from tests.settings import DATABASES

ROOT_URLCONF = "tests.authentication.login_wsgi"
MIDDLEWARE = []
AUTHENTICATION_BACKENDS = ["jtsec.authentication.backend.IdentityBackend"]
PASSWORD_HASHERS = ["tests.authentication.cheap.CountingHasher", *DJANGO_HASHERS]

if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
    }
DEBUG_PROPAGATE_EXCEPTIONS = True
