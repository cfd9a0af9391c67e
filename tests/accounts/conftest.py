"""The clock of the tests of authentication, for accounts that grow old."""

from __future__ import annotations

from tests.authentication.conftest import clock  # noqa: F401
