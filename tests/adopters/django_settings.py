"""
Settings of Django's own suites, with jtsec installed and applied.

What Django's runtests.py sets stands here as a project would write it; below it what
the README asks for. Without jtsec (`PLAIN=1`) it is the measure for what differs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from jtsec.preset import apply

SUITES = ("auth_tests", "sessions_tests")
IS_PLAIN = os.environ.get("PLAIN") == "1"

SECRET_KEY = "django_tests_secret_key"
DATABASES: dict[str, Any] = {
    name: {"ENGINE": "django.db.backends.sqlite3"} for name in ("default", "other")
}
USE_TZ = False
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sites",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.staticfiles",
    *SUITES,
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "tests.adopters.django_urls"
SITE_ID = 1
STATIC_URL = "static/"
LANGUAGE_CODE = "en"
MIGRATION_MODULES = {
    "auth": None,
    "contenttypes": None,
    "sessions": None,
    "auth_tests": None,
    "sessions_tests": None,
}
SILENCED_SYSTEM_CHECKS = ["fields.W342"]
# Django's own answers; what jtsec would set leads to pages the suites do not have.
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/accounts/profile/"
LOGOUT_REDIRECT_URL = None


class EveryView(Mapping[str, str]):
    """Places every view among the public ones: the suites are not about access."""

    def __getitem__(self, name: str) -> str:
        return "public"

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


if not IS_PLAIN:
    INSTALLED_APPS.append("jtsec")
    JTSEC_PROFILE = "plugin"
    JTSEC_ACCESS_VIEWS = EveryView()
    TEST_RUNNER = "jtsec.testing.runner.JtsecRunner"
    apply(globals())
    if os.environ.get("RULES") == "0":
        AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []
        DEBUG = True
