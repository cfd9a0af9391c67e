"""Settings of a project whose interfaces are described, as the preset leaves them."""

from __future__ import annotations

from jtsec.preset import apply
from tests.settings import *  # noqa: F403 - a settings module built on another one
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "rest_framework", "drf_spectacular"]
ROOT_URLCONF = "tests.rest.described_urls"

if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
    }

apply(globals())
