"""Checks of how the project has set up its sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections
from django.utils.translation import gettext_lazy as _

from .acceleration import is_in_use
from .conf import session_settings

ENGINES = ("jtsec.sessions.engine", "jtsec.sessions.cached_engine")
OF_ONE_PROCESS = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)

E080 = Error(
    _("Sessions are not kept by jtsec: no limits, no caps, no way to end one."),
    hint='SESSION_ENGINE = "jtsec.sessions.engine"',
    id="jtsec.E080",
)
E081 = Error(
    _("SESSION_SAVE_EVERY_REQUEST writes a row on every request and renews cookies."),
    hint=_(
        "Remove SESSION_SAVE_EVERY_REQUEST; the idle limit is JTSEC_SESSIONS_IDLE_MINUTES."
    ),
    id="jtsec.E081",
)
E082 = Error(
    _("The session cookie travels over connections that are not encrypted."),
    hint="SESSION_COOKIE_SECURE = True",
    id="jtsec.E082",
)
E083 = Error(
    _("Scripts of a page can read the session cookie."),
    hint="SESSION_COOKIE_HTTPONLY = True",
    id="jtsec.E083",
)
E084 = Error(
    _("Other sites can make browsers send the session cookie."),
    hint='SESSION_COOKIE_SAMESITE = "Lax"',
    id="jtsec.E084",
)
E085 = Error(
    _("The cache of the sessions is of one process; the others would not see an end."),
    hint=_(
        "Point CACHES[SESSION_CACHE_ALIAS] at Redis, or use "
        'SESSION_ENGINE = "jtsec.sessions.engine"'
    ),
    id="jtsec.E085",
)
E086 = Error(
    _("Session data are pickled: who can write them can run code."),
    hint=('SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"'),
    id="jtsec.E086",
)
W087 = Warning(
    _("The administrators' reserve leaves no session for anybody else."),
    hint=_("Make JTSEC_SESSIONS_TOTAL larger than JTSEC_SESSIONS_ADMIN_RESERVE."),
    id="jtsec.W087",
)
E088 = Error(
    _("The database shows transactions an old state; caps on sessions would not hold."),
    hint='DATABASES["default"]["OPTIONS"]["isolation_level"] = "read committed"',
    id="jtsec.E088",
)


def check_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E080: the session engine is one of ours, or a project's made from one."""
    engine = str(settings.SESSION_ENGINE)
    return [] if engine in ENGINES or _is_derived(engine) else [E080]


def _is_derived(engine: str) -> bool:
    from importlib import import_module

    from .engine import SessionStore

    try:
        store = import_module(engine).SessionStore
    except (ImportError, AttributeError):
        return False
    return isinstance(store, type) and issubclass(store, SessionStore)


def check_saving(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E081: requests do not write, and pages that may be cached set no cookie."""
    return [E081] if settings.SESSION_SAVE_EVERY_REQUEST else []


def check_cookie(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E082 to E084: the cookie is encrypted, unseen by scripts, and of this site."""
    messages: list[CheckMessage] = []
    if not settings.SESSION_COOKIE_SECURE and not settings.DEBUG:
        messages.append(E082)
    if not settings.SESSION_COOKIE_HTTPONLY:
        messages.append(E083)
    if str(settings.SESSION_COOKIE_SAMESITE).lower() not in ("lax", "strict"):
        messages.append(E084)
    return messages


def check_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E085: the cache of the cached engine is one that all processes share."""
    if not is_in_use() or settings.DEBUG:
        return []
    chosen = settings.CACHES.get(settings.SESSION_CACHE_ALIAS, {})
    return [E085] if chosen.get("BACKEND") in OF_ONE_PROCESS else []


def check_serializer(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E086: session data are no program."""
    return [E086] if "pickle" in settings.SESSION_SERIALIZER.lower() else []


def check_reserve(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W087: somebody besides the administrators can log in."""
    chosen = session_settings()
    return [W087] if chosen.admin_reserve >= chosen.total else []


def check_isolation(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """E088: what is counted behind the gate is what is there now."""
    for alias in databases or ():
        connection = connections[alias]
        level = getattr(connection, "isolation_level", None)
        if connection.vendor == "mysql" and level != "read committed":
            return [E088]
    return []


ALL = (
    check_engine,
    check_saving,
    check_cookie,
    check_cache,
    check_serializer,
    check_reserve,
)
