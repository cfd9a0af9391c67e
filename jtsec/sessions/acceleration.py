"""
The cache beside the table: it may save a query, it never decides.

An entry is a signed copy of a row, bound to the row's key, believed for
`JTSEC_SESSIONS_CACHE_SECONDS`. When a session changes or ends, its entry is overwritten
by a mark that says "ask the database"; a copy is only ever added where nothing stands,
so that a slow process cannot put an old copy over the mark. Where the cache cannot be
reached while a session is being ended, an old copy lives on for those seconds at most.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import BaseCache, caches
from django.db import router, transaction

from jtsec.core.clock import now

from .conf import session_settings
from .models import Session

logger = logging.getLogger("jtsec.sessions")

ASK_THE_DATABASE = "ask"
COPIED = (
    "session_data", "user_id", "address", "terminal", "ended_why", "notice",
)  # fmt: skip
MOMENTS = ("expire_date", "created_at", "last_seen_at")


def is_in_use() -> bool:
    """Answer whether the project has chosen the cached engine, or one made from it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return getattr(store, "reads_cache", False) is True


def copy_of(digest: str) -> Session | None:
    """Return the row as the cache remembers it, None to have the database asked."""
    try:
        entry = _cache().get(_name(digest))
    except Exception as error:
        # Every backend has its own errors; none of them may stop a request.
        logger.warning("session cache cannot be read: %r", error)
        return None
    return _opened(entry, digest) if entry and entry != ASK_THE_DATABASE else None


def remember(row: Session) -> None:
    """Add a copy of an open row, unless something stands there already."""
    try:
        _cache().add(_name(row.pk), _sealed(row), session_settings().cache_seconds)
    except Exception as error:
        logger.warning("session cache cannot be written: %r", error)


def forget(digests: Iterable[str]) -> None:
    """
    Have the database asked about these rows, in every process, from now on.

    Marked twice where a transaction is open: at once, and when others can see what
    was changed; between the two nobody can add a copy of the old state.
    """
    if not is_in_use():
        return
    wanted = list(digests)
    _mark(wanted)
    using = router.db_for_write(Session)
    if transaction.get_connection(using).in_atomic_block:
        transaction.on_commit(lambda: _mark(wanted), using=using, robust=True)


def _mark(digests: list[str]) -> None:
    # Longer than any copy: one that is being made meanwhile finds the place taken.
    seconds = session_settings().cache_seconds * 2
    try:
        _cache().set_many({_name(one): ASK_THE_DATABASE for one in digests}, seconds)
    except Exception as error:
        logger.error("session cache cannot be told of a changed session: %r", error)


def _cache() -> BaseCache:
    return caches[settings.SESSION_CACHE_ALIAS]


def _name(digest: str) -> str:
    return f"jtsec.session.{digest}"


def _sealed(row: Session) -> str:
    fields: dict[str, Any] = {name: getattr(row, name) for name in COPIED}
    fields["user_id"] = None if row.user_id is None else str(row.user_id)
    for name in MOMENTS:
        fields[name] = getattr(row, name).isoformat()
    fields["copied_at"] = now().isoformat()
    return signing.dumps(fields, salt=_name(row.pk))


def _opened(entry: str, digest: str) -> Session | None:
    """Return the row of an entry; one that was forged or is too old is no entry."""
    try:
        fields = signing.loads(entry, salt=_name(digest))
        copied_at = datetime.fromisoformat(fields.pop("copied_at"))
    except (signing.BadSignature, TypeError, KeyError, ValueError):
        logger.warning("session cache holds something that is not ours")
        return None
    age = (now() - copied_at).total_seconds()
    if not 0 <= age <= session_settings().cache_seconds:
        return None
    for name in MOMENTS:
        fields[name] = datetime.fromisoformat(fields[name])
    user_id = fields.pop("user_id")
    row = Session(session_key=digest, **fields)
    row.user_id = Session._meta.get_field("user").to_python(user_id)
    return row
