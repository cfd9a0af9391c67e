"""What the tests of identity share: somebody who may act."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jtsec.core.context import acting_as, system_actor


@pytest.fixture(autouse=True)
def clerk() -> Iterator[None]:
    """Act as a named system for every test; those about actors say another."""
    with acting_as(system_actor("clerk")):
        yield
