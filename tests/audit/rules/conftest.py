"""Nothing of what one test set or remembered reaches the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from jtsec.audit.policies.api import forget
from jtsec.audit.rules import office_hours, sweeping
from tests.audit.rules.events import MONDAY


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget policies, calendars, and the present: the sweep's is that Monday."""

    def monday() -> datetime:
        return MONDAY

    monkeypatch.setattr(office_hours, "_calendar", [])
    monkeypatch.setattr(sweeping, "now", monday)
    forget()
    yield
    forget()
