"""The expected schema, made once: it does not change while tests run."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.monitoring.api import Schema, expected_schema


@pytest.fixture(scope="package")
def expected(django_db_setup: None, django_db_blocker: Any) -> Schema:
    """Return what the migrations of the test project make."""
    with django_db_blocker.unblock():
        return expected_schema()
