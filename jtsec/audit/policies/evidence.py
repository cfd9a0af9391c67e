"""What the policies can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import CannotVerify

from .scopes import known_scopes
from .snapshot import forget, in_force


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    yield Fact(
        "A5.3",
        "Choices of users that audit policies can be set for",
        True,
        [scope.name for scope in known_scopes()],
    )
    statement = "Audit policies in force that are what an auditor set"
    try:
        forget()
        altered = in_force().altered
    except (DatabaseError, CannotVerify) as error:
        yield Fact("A5.3", statement, None, str(error))
        return
    yield Fact("A5.3", statement, not altered, list(altered))
