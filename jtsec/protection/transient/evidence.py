"""What transient data can prove: how long they last, and that none is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import DatabaseError

from jtsec.core.clock import now
from jtsec.core.evidence import Fact

from .conf import transient_settings
from .models import TransientEntry

GRACE: Final = timedelta(hours=24)


def facts() -> Iterable[Fact]:
    """Return how long entries live, and whether some outlived their end by a day."""
    yield Fact(
        "T7.4",
        "Data drawn for one use end after this many minutes at the latest.",
        True,
        transient_settings().minutes,
    )
    try:
        left: int | None = TransientEntry.objects.filter(
            ends_at__lte=now() - GRACE
        ).count()
    except DatabaseError:
        left = None
    yield Fact(
        "T7.4",
        "No transient entry is still there a day after its end.",
        None if left is None else left == 0,
        left,
    )
