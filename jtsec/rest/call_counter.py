"""
How often somebody called within a minute: one row a caller, one statement a call.

The number comes back from the statement that counts, so of a thousand calls in the
same instant, over all processes, exactly as many are let through as may be. A span is
a minute of the clock; a server whose clock goes behind counts in the newest one.
"""

from __future__ import annotations

import logging
from typing import Final

from django.db import DatabaseError, connections, router

from jtsec.core.apart import apart, one_statement_apart, would_wait_for_itself
from jtsec.core.clock import elapsed, now
from jtsec.crypto import sm3

from .models import CallCount

SPAN_SECONDS: Final = 60
KEPT_SPANS: Final = 24 * 60
TIDY_SECONDS: Final = 3600.0

logger = logging.getLogger("jtsec.rest")

_UPSERT: Final = """
INSERT INTO {0} (digest, span, calls) VALUES (%s, %s, 1)
ON CONFLICT (digest) DO UPDATE SET
    calls = CASE WHEN excluded.span > {0}.span THEN 1 ELSE {0}.calls + 1 END,
    span = CASE WHEN excluded.span > {0}.span THEN excluded.span ELSE {0}.span END
RETURNING calls
"""

# MySQL assigns from left to right: `calls` looks at `span` before that moves on.
_UPSERT_MYSQL: Final = """
INSERT INTO {0} (digest, span, calls) VALUES (%s, %s, 1)
ON DUPLICATE KEY UPDATE
    calls = IF(VALUES(span) > span, 1, calls + 1),
    span = GREATEST(span, VALUES(span))
"""

_tidied_at: float | None = None


def count_one(scope: str, caller: str) -> int:
    """
    Count a call, whatever the surrounding transaction does, and return which it is.

    Args:
        scope: what is counted together.
        caller: who calls.

    Returns:
        1 for the first of this minute.

    Raises:
        django.db.Error: it could not be counted; the caller refuses.
    """
    digest = sm3.hexdigest(f"{scope}\n{caller}".encode("utf-8", "replace"))
    span = int(now().timestamp()) // SPAN_SECONDS
    alias = router.db_for_write(CallCount)
    if would_wait_for_itself(alias):
        # SQLite has one writer, and that is us; a rollback takes this call back.
        return _count(alias, digest, span)
    if connections[alias].vendor == "mysql":
        with apart(alias) as own:
            return _count(own, digest, span)
    with one_statement_apart(alias) as own:
        return _count(own, digest, span)


def seconds_left() -> int:
    """Return how long this minute still is, at least a second."""
    return SPAN_SECONDS - int(now().timestamp()) % SPAN_SECONDS


def tidy_when_due() -> None:
    """Forget the callers of yesterday, at most once an hour in each process."""
    global _tidied_at  # noqa: PLW0603 - one timer a process
    alias = router.db_for_write(CallCount)
    if _tidied_at is not None and elapsed() - _tidied_at < TIDY_SECONDS:
        return
    if connections[alias].in_atomic_block:
        return
    _tidied_at = elapsed()
    before = int(now().timestamp()) // SPAN_SECONDS - KEPT_SPANS
    try:
        CallCount.objects.using(alias).filter(span__lt=before).delete()
    except DatabaseError as error:
        logger.warning("old counts stay for an hour: %s", type(error).__name__)


def _count(alias: str, digest: str, span: int) -> int:
    connection = connections[alias]
    table = connection.ops.quote_name(CallCount._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.execute(_UPSERT_MYSQL.format(table), (digest, span))
            # Our own transaction holds the row until it ends.
            rows = CallCount.objects.using(alias).filter(pk=digest)
            return rows.values_list("calls", flat=True).get()
        cursor.execute(_UPSERT.format(table), (digest, span))
        row = cursor.fetchone()
    return int(row[0])
