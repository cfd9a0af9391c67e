"""
The one place that reads the time.

Every control asks here, so that a test moves one clock and a review finds one call.
Durations inside a process use `elapsed`, which nobody can set back.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC when USE_TZ is on."""
    return timezone.now()


def shown(at: datetime) -> str:
    """Return a moment as people read it: in the project's zone, to the second."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{local:%Y-%m-%d %H:%M:%S}"


def elapsed() -> float:
    """Return seconds of a clock that never goes back; only differences have meaning."""
    return time.monotonic()
