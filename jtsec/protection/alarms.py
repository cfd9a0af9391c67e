"""Telling of what is altered: the event first, so that no refusal goes unrecorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jtsec.audit.api import record

from .events import (
    SealedRowAltered,
    SealedRowUnverifiable,
    SealedTableAltered,
    SealedWriteClosed,
)
from .exceptions import (
    RowAltered,
    RowUnverifiable,
    SealedWriteRefused,
    TableAltered,
)


@contextmanager
def alarmed(act: str) -> Iterator[None]:
    """
    Record what the block finds altered, and let the error go on.

    Args:
        act: what was about to be done: "load", "save", "update", "delete".

    Raises:
        AuditUnavailable: it could not be recorded.
    """
    try:
        yield
    except RowAltered as error:
        record(SealedRowAltered(resource=error.resource, reason=act))
        raise
    except RowUnverifiable as error:
        reason = f"{act}: {error.why}"
        record(SealedRowUnverifiable(resource=error.resource, reason=reason))
        raise
    except TableAltered as error:
        record(SealedTableAltered(resource=error.resource, reason=error.why))
        raise
    except SealedWriteRefused as error:
        record(SealedWriteClosed(resource=error.resource, reason=error.reason))
        raise
