"""Settings of the example: a plain Django project, and three lines for jtsec."""

from __future__ import annotations

import os
from pathlib import Path

import dj_database_url

from example.private import private_directory, secret_key
from jtsec.secrets import with_accounts

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("JTSEC_EXAMPLE_VAR", BASE_DIR / "var"))
# For its user alone: it holds the database and the audit's second copy.
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
PRIVATE_DIR = private_directory(BASE_DIR)

SECRET_KEY = secret_key(PRIVATE_DIR)
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "permits",
    "jtsec",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "example.urls"
WSGI_APPLICATION = "example.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'example.sqlite3'}", conn_max_age=60
    )
}
if "JTSEC_EXAMPLE_ACCOUNTS" in os.environ:
    # Two accounts kept in the store: their passwords change while it is served.
    DATABASES["default"] = with_accounts(
        DATABASES["default"], os.environ["JTSEC_EXAMPLE_ACCOUNTS"]
    )
    JTSEC_SECRETS_DBA_KEY_FILE = os.environ.get("JTSEC_EXAMPLE_DBA_KEY", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = True
# Style sheets are for these pages alone; WhiteNoise would let every site read them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Nothing is served from here directly: who may see a row may open its file.
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {
        "audit": {
            "class": "logging.FileHandler",
            "filename": VAR_DIR / "audit.log",
            "encoding": "utf-8",
            "delay": True,
            "formatter": "line",
        },
    },
    # The audit's second copy; the first is in the database.
    "loggers": {
        "jtsec.audit": {"handlers": ["audit"], "level": "INFO", "propagate": False},
    },
}

LOGIN_REDIRECT_URL = "jtsec:last-login"
# The demonstration is served over plain HTTP on the loopback interface alone. Remove
# both lines in a real deployment: `check --deploy` asks for that (E082, E104).
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

# The private half of the error key. The demonstration keeps it at hand to show how an
# error is opened; a real deployment takes it off the server.
ERROR_KEY_FILE = PRIVATE_DIR / "jtsec-error-private.pem"

# What a project adds for jtsec: the app above, a profile, where the keys are, and the
# preset as the last line.
JTSEC_PROFILE = "plugin"
JTSEC_KEYS_FILE = os.environ.get("JTSEC_EXAMPLE_KEYS", str(PRIVATE_DIR / "jtsec.keys"))
# Where the seals of the audit log are kept a second time. The demonstration has but
# this machine; in operation it is a place that others administer.
JTSEC_AUDIT_ANCHORS = [f"file:{VAR_DIR / 'audit-anchor.log'}"]
# Looked at: the people of the demonstration have a password that the README tells.
JTSEC_SECRETS_REVIEWED = ["permits/demonstration/people.py:PASSWORD"]
# Permits have a `state` too: in the description of the interfaces both want a name.
SPECTACULAR_SETTINGS = {
    "ENUM_NAME_OVERRIDES": {"ApplicationState": "jtsec.approvals.models.State"}
}
# What its pages call it.
JTSEC_PAGES_SYSTEM_NAME = "临时通行证管理系统（演示）"
JTSEC_PAGES_ORGANISATION = "示例市公安局交通警察支队"
JTSEC_PAGES_CONTACT = "安全管理员 孙静怡，内线 8002"

from jtsec.preset import apply  # noqa: E402 - after what it adds to

apply(globals())
