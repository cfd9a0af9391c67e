"""
What a session leaves behind elsewhere, removed when it ends (clause A6.4).

Whoever keeps something for a session registers how it is removed. A session ends all
the same where a removal fails; that it failed is an alarm, for somebody has to look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import router, transaction

from jtsec.audit.api import record

from .events import ResidueLeft
from .models import Session

Removal = Callable[[Sequence[str]], None]
"""Takes the stored keys of sessions that have ended, or changed their key."""

_removals: dict[str, Removal] = {}


def on_ended(name: str, removal: Removal) -> None:
    """
    Register how something kept for sessions is removed; called once, at start.

    Args:
        name: what is removed, for the alarm where it is not.
        removal: takes the stored keys; called in the transaction of the end.
    """
    _removals[name] = removal


def remove(digests: Sequence[str]) -> None:
    """Remove what sessions left; record what could not be removed."""
    if not digests:
        return
    for name, removal in _removals.items():
        try:
            with transaction.atomic(using=router.db_for_write(Session)):
                removal(digests)
        # Anything a project's removal raises: the session must end all the same.
        except Exception as error:
            kind = type(error).__name__
            record(ResidueLeft(resource=digests[0][:16], what=name, error=kind))
