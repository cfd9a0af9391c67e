"""The settings of a project whose one model is audited by one package, or by none."""

from __future__ import annotations

from benchmarks.settings import *  # noqa: F403 - the same project, with one more app
from benchmarks.settings import INSTALLED_APPS, parts

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.audit_saving_items"]
if "history" in parts:
    INSTALLED_APPS += ["simple_history"]
if "easyaudit" in parts:
    INSTALLED_APPS += ["easyaudit"]
    # Changes of models alone, as the others record.
    DJANGO_EASY_AUDIT_WATCH_AUTH_EVENTS = False
    DJANGO_EASY_AUDIT_WATCH_REQUEST_EVENTS = False
    DJANGO_EASY_AUDIT_REGISTERED_CLASSES = ["audit_saving_items.Item"]
if "jtsec" in parts:
    JTSEC_AUDIT_MODELS = ["audit_saving_items.Item"]
