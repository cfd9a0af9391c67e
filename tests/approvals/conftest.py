"""What every test of approvals may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401

from . import desk


@pytest.fixture(autouse=True)
def renaming() -> Iterator[None]:
    """Know one kind of application, of one step."""
    with desk.known(desk.kind()):
        yield
