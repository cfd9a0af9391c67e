"""What verification can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from jtsec.audit.sealing.api import last_checkpoint
from jtsec.core.evidence import Fact
from jtsec.core.exceptions import CannotVerify, ConfigurationError

from .newest import newest_findings


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    statement = "The newest checkpoint and its records are what was sealed"
    try:
        newest = last_checkpoint()
        found = newest_findings()
    except (DatabaseError, CannotVerify, ConfigurationError) as error:
        yield Fact("A5.8", statement, None, str(error))
        return
    if newest is None:
        yield Fact("A5.8", statement, None, "nothing is sealed yet")
        return
    yield Fact(
        "A5.8", statement, not found, [one.place for one in found] or newest.number
    )
