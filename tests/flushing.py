"""Lets a test that needs real transactions empty the audit, which refuses that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from django.core.management.commands import flush
from django.db import connections

from jtsec.audit import immutability


@pytest.fixture(scope="session", autouse=True)
def audit_can_be_flushed() -> Iterator[None]:
    """Take the triggers away around each flush of a TransactionTestCase."""
    handle = flush.Command.handle

    def handle_lifted(self: flush.Command, **options: Any) -> None:
        with immutability.lifted(connections[options["database"]]):
            handle(self, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", handle_lifted)
        yield
