"""The settings of one compared project; its parts come from the environment."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from benchmarks import blueking
from benchmarks.children import DATABASE, HASHER, PARTS

parts = frozenset(filter(None, os.environ[PARTS].split(",")))
if "without-native" in parts:
    # As on a machine for which there is no wheel.
    sys.modules["gmssl_pyx"] = None  # type: ignore[assignment]  # makes import fail

SECRET_KEY = "only-for-the-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
ROOT_URLCONF = "benchmarks.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, Any] = {
    "default": {**json.loads(os.environ[DATABASE]), "CONN_MAX_AGE": None}
}
BKCRYPTO = blueking.settings()
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/signed-in/"
SALT_KEY = "only-for-the-benchmarks-salt"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["nowhere"], "level": "WARNING"},
    "loggers": {
        name: {"handlers": ["nowhere"], "propagate": False}
        for name in ("axes", "jtsec", "jtsec.audit", "django.request")
    },
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {"registration/login.html": "{{ form.as_p }}"},
                ),
                "django.template.loaders.app_directories.Loader",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "benchmarks",
]
PASSWORD_HASHERS = [os.environ[HASHER]] if os.environ.get(HASHER) else []
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
SILENCED_SYSTEM_CHECKS = ["axes.W003", "axes.W006"]

before, middle, after = [], [], []
if "defaults" in parts:
    before = ["django.middleware.security.SecurityMiddleware"]
    middle = [
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    after = [
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ]
if "otp" in parts:
    INSTALLED_APPS += [
        "django_otp",
        "django_otp.plugins.otp_totp",
        "django_otp.plugins.otp_static",
    ]
    after += ["django_otp.middleware.OTPMiddleware"]
if "timeout" in parts:
    after += ["django_session_timeout.middleware.SessionTimeoutMiddleware"]
    SESSION_EXPIRE_SECONDS = 1800
if "auditlog" in parts:
    INSTALLED_APPS += ["auditlog"]
    after += ["auditlog.middleware.AuditlogMiddleware"]
if "csp" in parts:
    INSTALLED_APPS += ["csp"]
    after += ["csp.middleware.CSPMiddleware"]
    CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'self'"]}}
if "axes" in parts:
    INSTALLED_APPS += ["axes"]
    after += ["axes.middleware.AxesMiddleware"]
    AUTHENTICATION_BACKENDS.insert(0, "axes.backends.AxesStandaloneBackend")
    AXES_FAILURE_LIMIT = 5
    AXES_LOCKOUT_PARAMETERS = ["username"]
    AXES_COOLOFF_TIME = 1
    AXES_VERBOSE = False
if "guardian" in parts:
    INSTALLED_APPS += ["guardian"]
    AUTHENTICATION_BACKENDS += ["guardian.backends.ObjectPermissionBackend"]
    ANONYMOUS_USER_NAME = None
if "rules" in parts:
    INSTALLED_APPS += ["rules"]
    AUTHENTICATION_BACKENDS += ["rules.permissions.ObjectPermissionBackend"]

MIDDLEWARE = [
    *before,
    "django.contrib.sessions.middleware.SessionMiddleware",
    *middle,
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    *after,
]

if "jtsec" in parts:
    from jtsec.preset import apply
    from tests import keyring

    INSTALLED_APPS += ["jtsec"]
    AUTHENTICATION_BACKENDS = []
    JTSEC_PROFILE = "plugin"
    JTSEC_KEYS_FILE = str(keyring.path())
    if "proxied" in parts:
        JTSEC_SOURCE_TRUSTED_PROXIES = ["127.0.0.1/32"]
    apply(globals())
if not PASSWORD_HASHERS:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
