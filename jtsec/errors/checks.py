"""Checks of what a visitor sees when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.urls import get_resolver
from django.utils.translation import gettext as _

from jtsec.core.exceptions import JtsecError
from jtsec.keys import api as keys

HANDLERS = {
    400: "bad_request",
    403: "permission_denied",
    404: "page_not_found",
    500: "server_error",
}
MODULE = "jtsec.errors.handlers"


def check_error_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E100: the public key that errors are sealed to is in the ring and whole."""
    try:
        keys.error_public_key()
    except JtsecError as error:
        return [
            _gap(
                _("Clause A10.1: errors cannot be sealed: %(error)s")
                % {"error": error},
                hint="manage.py jtsec_init",
                id="jtsec.E100",
            )
        ]
    return []


def check_handlers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E101: the error pages are ours, or the project's own by decision."""
    try:
        resolver = get_resolver()
        foreign = [
            status
            for status, name in HANDLERS.items()
            if not _is_ours(resolver.resolve_error_handler(status), name)
        ]
    # A URLconf that cannot be imported has its own, louder messages.
    except (ImportError, ImproperlyConfigured, AttributeError):
        return []
    return [
        _gap(
            _("Clause A10.1: handler%(status)s is not the one of jtsec.")
            % {"status": status},
            hint=f'handler{status} = "{MODULE}.{HANDLERS[status]}"',
            id="jtsec.E101",
        )
        for status in foreign
    ]


def check_debug(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E102: in operation DEBUG is off; on, it shows code, SQL and settings."""
    if not settings.DEBUG:
        return []
    return [
        Error(
            _("Clause A10.1: DEBUG is on; visitors would see code and SQL."),
            hint="DEBUG = False",
            id="jtsec.E102",
        )
    ]


def check_rest_handler(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E103: the REST framework, where it is used, answers errors with our handler."""
    if not apps.is_installed("rest_framework"):
        return []
    from rest_framework.settings import api_settings  # noqa: PLC0415 - optional

    handler = api_settings.EXCEPTION_HANDLER
    if getattr(handler, "__module__", "") == "jtsec.errors.rest":
        return []
    return [
        _gap(
            _("Clause A10.1: REST answers show what exceptions say."),
            hint='REST_FRAMEWORK["EXCEPTION_HANDLER"] = '
            '"jtsec.errors.rest.exception_handler"',
            id="jtsec.E103",
        )
    ]


def _is_ours(handler: Callable[..., Any], name: str) -> bool:
    return handler.__module__ == MODULE and handler.__name__ == name


def _gap(text: str, **options: Any) -> CheckMessage:
    kind = Warning if settings.DEBUG else Error
    return kind(text, **options)
