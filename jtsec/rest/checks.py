"""A check of the interfaces: what a view that says nothing asks of its callers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.utils.translation import gettext as _

REST_FRAMEWORK = "rest_framework"
DEFAULT = "DEFAULT_PERMISSION_CLASSES"
OPEN = "rest_framework.permissions.AllowAny"


def check_default_permission(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W214: the framework's own default lets everybody do everything."""
    if REST_FRAMEWORK not in settings.INSTALLED_APPS:
        return []
    chosen = getattr(settings, "REST_FRAMEWORK", {}).get(DEFAULT, [OPEN])
    if chosen and OPEN not in chosen:
        return []
    return [
        Warning(
            _("Clause A4.13: interfaces that say nothing answer everybody."),
            hint="REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': "
            "['rest_framework.permissions.IsAuthenticated']}",
            id="jtsec.W214",
        )
    ]
