"""What is declared for the interfaces stays with their tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jtsec.approvals import kinds
from tests.access.declared import declared
from tests.rest.declared import FUNCTIONS, KIND


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kinds, "_kinds", {**kinds._kinds, KIND.code: KIND})
    with declared(*FUNCTIONS):
        yield
