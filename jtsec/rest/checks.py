"""Checks of the interfaces: what they ask of callers, and whose keys are stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.translation import gettext as _

from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.core.tables import are_readable
from jtsec.fields.api import check_seal
from jtsec.identity.models import Identity

from .clients import list_clients, row_alias
from .models import SignedClient

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


def check_clients(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E130: a client's key, functions or networks were changed by SQL."""
    if not are_readable(databases, row_alias(), SignedClient, Identity):
        return []
    return [
        Error(
            _("Clause A4.13: the client %(code)s cannot be believed and is refused.")
            % {"code": one.code},
            hint="manage.py jtsec_clients --all",
            id="jtsec.E130",
        )
        for one in list_clients()
        if not is_whole(one)
    ]


def is_whole(client: SignedClient) -> bool:
    """Answer whether a client's seal is whole."""
    try:
        check_seal(client)
    except (VerifiedFalse, CannotVerify):
        return False
    return True
