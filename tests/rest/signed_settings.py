"""Settings of the servers in the tests that call interfaces with real processes."""

from __future__ import annotations

from tests.settings import *  # noqa: F403 - a settings module built on another one
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework"]
ROOT_URLCONF = "tests.rest.signers"
REST_FRAMEWORK = {"EXCEPTION_HANDLER": "jtsec.errors.rest.exception_handler"}

if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
    }
