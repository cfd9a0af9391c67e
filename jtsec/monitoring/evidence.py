"""What the monitoring can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import DatabaseError

from jtsec.audit.query.api import Filter, page_of
from jtsec.core.clock import now, shown
from jtsec.core.evidence import Fact

ALL_ENDS: Final = "monitoring:schema:*"
HOLDS: Final = {
    "monitoring:schema:same": True,
    "monitoring:schema:differs": False,
    "monitoring:schema:unknown": None,
}
LONGEST: Final = timedelta(days=31)
"""Since a comparison; one that is older says nothing of today."""


def facts() -> Iterator[Fact]:
    """Yield how the newest comparison ended: a new one takes its time."""
    statement = "The database is what the migrations make"
    try:
        found = page_of(Filter().with_conditions(code=ALL_ENDS)).rows
    except DatabaseError as error:
        yield Fact("P46", statement, None, str(error))
        return
    if not found:
        yield Fact("P46", statement, None, "never compared: jtsec_schema_check")
        return
    newest = found[0]
    holds = HOLDS.get(newest.code)
    if holds and newest.at < now() - LONGEST:
        holds = None
    yield Fact("P46", statement, holds, f"{newest.code} {shown(newest.at)}")
