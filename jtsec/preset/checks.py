"""Checks that what the preset demands is in force, whoever set it (clause R18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.source import source_settings

from .application import touched_names, unmet
from .demands import Default, Demand, Listed

GUARD = "jtsec.middleware.SecurityMiddleware"
ELSEWHERE = {
    "AUTHENTICATION_BACKENDS",
    "PASSWORD_HASHERS",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "SESSION_COOKIE_SECURE",
    "SESSION_ENGINE",
}
"""Judged by the control they belong to; one cause is told once."""
IN_PRODUCTION = {"CSRF_COOKIE_SECURE"}
"""Judged by `check --deploy` alone: a demonstration on the loop has no TLS."""

APPLY = gettext_lazy(
    "from jtsec.preset import apply\napply(globals())  # the last line of settings.py"
)


def _in_force() -> Mapping[str, Any]:
    return {
        name: getattr(settings, name)
        for name in touched_names()
        if hasattr(settings, name)
    }


def _message(demand: Demand, number: str) -> CheckMessage:
    kind = Warning if settings.DEBUG else Error
    if isinstance(demand, Listed):
        text = _(
            "Clause %(clause)s: %(entry)s is missing or misplaced in %(name)s."
        ) % {
            "clause": demand.clause,
            "entry": demand.entry,
            "name": demand.name,
        }
        return kind(text, hint=str(APPLY), id=number)
    text = _("Clause %(clause)s: %(name)s = %(value)r does not serve it.") % {
        "clause": demand.clause,
        "name": demand.name,
        "value": getattr(settings, demand.name, None),
    }
    wanted = demand.wanted({"DEBUG": False})
    return kind(text, hint=f"{demand.name} = {wanted!r}", id=number)


def _is_guard(path: str) -> bool:
    if path == GUARD:
        return True
    try:
        return issubclass(import_string(path), import_string(GUARD))
    except (ImportError, TypeError):
        return False


def check_guard(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E010: the guard is there, and first; what stands before it goes round it."""
    if settings.MIDDLEWARE and _is_guard(settings.MIDDLEWARE[0]):
        return []
    text = _("Clause R18: %(guard)s is not the first entry of MIDDLEWARE.")
    kind = Warning if settings.DEBUG else Error
    return [kind(text % {"guard": GUARD}, hint=str(APPLY), id="jtsec.E010")]


def _unmet() -> Iterator[Demand]:
    for demand in unmet(_in_force()):
        if demand.name not in ELSEWHERE and not _is_told_elsewhere(demand):
            yield demand


def _is_told_elsewhere(demand: Demand) -> bool:
    if isinstance(demand, Default):
        return False
    named = demand.entry.get("NAME", "") if isinstance(demand.entry, dict) else ""
    return demand.entry == GUARD or named.startswith("jtsec.")


def check_demands(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E011: Django is told what each clause needs; a conflict is named."""
    return [
        _message(demand, "jtsec.E011")
        for demand in _unmet()
        if demand.name not in IN_PRODUCTION
    ]


def check_cookies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E104: before going live, the cookies travel over TLS alone."""
    return [
        _message(demand, "jtsec.E104")
        for demand in _unmet()
        if isinstance(demand, Default) and demand.name in IN_PRODUCTION
    ]


def check_proxies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E105: behind a proxy that is not named, everybody has the proxy's address."""
    is_behind = settings.USE_X_FORWARDED_HOST or settings.SECURE_PROXY_SSL_HEADER
    try:
        if not is_behind or source_settings().trusted_proxies:
            return []
    except ConfigurationError:
        return []  # a value that cannot be used is told by E002 and E003
    text = _(
        "Clause A3.2.7: the settings speak of a proxy, and none is named; one "
        "terminal's wrong passwords would block everybody."
    )
    hint = 'JTSEC_SOURCE_TRUSTED_PROXIES = ["10.0.0.5/32"]'
    return [Error(text, hint=hint, id="jtsec.E105")]


ALWAYS = (check_demands,)
BEFORE_GOING_LIVE = (check_cookies, check_proxies)
