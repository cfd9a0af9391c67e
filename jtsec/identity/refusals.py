"""Writes refusals over somebody's identity down, after the rollback they cause."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jtsec.audit.api import record

from .announcements import Objected
from .events import PersonRefused
from .gate import NotAllowed
from .ledger import Taken


@contextmanager
def refusals_recorded(username: str) -> Iterator[None]:
    """
    Record what the block refuses: a missing right, somebody else's identifier.

    A misspelt number is not a matter for the audit; somebody who tries the number of
    a person who left is, and so is what another control objects to. Stands outside of
    `gate()`, whose lock must be gone when the event is written.
    """
    try:
        yield
    except NotAllowed as error:
        record(PersonRefused(subject_username=username, field="", reason=error.reason))
        raise
    except (Taken, Objected) as error:
        record(
            PersonRefused(
                subject_username=username, field=error.field, reason=error.code
            )
        )
        raise
