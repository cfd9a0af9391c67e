"""Checks of how the project has set up its sessions."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections
from django.utils.translation import gettext as _

from jtsec.core.exceptions import ConfigurationError

from .acceleration import is_in_use
from .conf import session_settings
from .engine import SessionStore

OF_ONE_PROCESS = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)


def check_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E080: the session engine is one of ours, or a project's made from one."""
    try:
        store = import_module(settings.SESSION_ENGINE).SessionStore
    except (ImportError, AttributeError):
        store = None
    if isinstance(store, type) and issubclass(store, SessionStore):
        return []
    text = _("Clause A9.1: sessions have no limits, no caps and no end.")
    return [_gap(text, 'SESSION_ENGINE = "jtsec.sessions.engine"', "jtsec.E080")]


def check_saving(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """
    E081: a request does not write its session unless it changed something.

    Saving always would cost a write for each request, and set the cookie on pages
    that a cache may hand to somebody else.
    """
    if not settings.SESSION_SAVE_EVERY_REQUEST:
        return []
    text = _("Clause A9.1: every request writes its session and sets its cookie.")
    hint = _(
        "Remove SESSION_SAVE_EVERY_REQUEST; JTSEC_SESSIONS_IDLE_MINUTES is the limit."
    )
    return [_gap(text, hint, "jtsec.E081")]


def check_cookie(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E083 and E084: the cookie is unseen by scripts, and of this site."""
    messages: list[CheckMessage] = []
    if not settings.SESSION_COOKIE_HTTPONLY:
        text = _("Clause A3.2.4: scripts can read the session cookie.")
        messages.append(_gap(text, "SESSION_COOKIE_HTTPONLY = True", "jtsec.E083"))
    if str(settings.SESSION_COOKIE_SAMESITE).lower() not in ("lax", "strict"):
        text = _("Clause A3.2.4: other sites can send the session cookie along.")
        messages.append(_gap(text, 'SESSION_COOKIE_SAMESITE = "Lax"', "jtsec.E084"))
    return messages


def check_secure_cookie(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E082: before going live, the cookie travels over TLS alone."""
    if settings.SESSION_COOKIE_SECURE:
        return []
    text = _("Clause A3.2.4: the session cookie may travel unencrypted.")
    return [Error(text, hint="SESSION_COOKIE_SECURE = True", id="jtsec.E082")]


def check_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E085: the cache of the cached engine is one that all processes share."""
    if check_engine(None) or not is_in_use() or settings.DEBUG:
        return []
    chosen = settings.CACHES.get(settings.SESSION_CACHE_ALIAS, {})
    if chosen.get("BACKEND") not in OF_ONE_PROCESS:
        return []
    text = _("Clause A9.1: the cache is of one process; others miss an ended session.")
    hint = _(
        "Point SESSION_CACHE_ALIAS at a Redis cache, or set "
        'SESSION_ENGINE = "jtsec.sessions.engine"'
    )
    return [_gap(text, hint, "jtsec.E085")]


def check_serializer(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E086: session data are no program."""
    if "pickle" not in settings.SESSION_SERIALIZER.lower():
        return []
    text = _("Session data are pickled: whoever can write them can run code.")
    serializer = "django.contrib.sessions.serializers.JSONSerializer"
    hint = f'SESSION_SERIALIZER = "{serializer}"'
    return [Error(text, hint=hint, id="jtsec.E086")]


def check_reserve(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E087: somebody besides the administrators can log in."""
    try:
        chosen = session_settings()
    except ConfigurationError:
        return []
    if chosen.admin_reserve < chosen.total:
        return []
    text = _("The administrators' reserve leaves no session for anybody else.")
    hint = _("Make JTSEC_SESSIONS_TOTAL larger than JTSEC_SESSIONS_ADMIN_RESERVE.")
    return [Error(text, hint=hint, id="jtsec.E087")]


def check_isolation(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E088: what is counted behind the gate is what is there now."""
    for alias in databases or ():
        connection = connections[alias]
        level = getattr(connection, "isolation_level", None)
        if connection.vendor == "mysql" and level != "read committed":
            text = _(
                "Clause A9.2: transactions see an old state; no cap would be exact."
            )
            hint = (
                f'DATABASES["{alias}"]["OPTIONS"]["isolation_level"] = "read committed"'
            )
            return [_gap(text, hint, "jtsec.E088")]
    return []


def _gap(text: str, hint: str, code: str) -> CheckMessage:
    """Return a clause's gap: an error in operation, a warning while developing."""
    kind = Warning if settings.DEBUG else Error
    return kind(text, hint=hint, id=code)


ALL = (
    check_engine,
    check_saving,
    check_cookie,
    check_cache,
    check_serializer,
    check_reserve,
)
