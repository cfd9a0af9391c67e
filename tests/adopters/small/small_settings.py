"""Settings of a small project."""

import json
import os
from pathlib import Path

from jtsec.preset import apply

SECRET_KEY = "of-a-small-project-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz"
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "jtsec",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
if "SMALL_DATABASE" in os.environ:
    DATABASES["default"] = json.loads(os.environ["SMALL_DATABASE"])
if DATABASES["default"]["ENGINE"].endswith("mysql"):
    import pymysql

    pymysql.install_as_MySQLdb()
USE_TZ = True
ROOT_URLCONF = "small_urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [Path(__file__).parent / "fixtures"]
STATIC_URL = "static/"
JTSEC_PROFILE = "plugin"
TEST_RUNNER = "jtsec.testing.runner.JtsecRunner"
apply(globals())
