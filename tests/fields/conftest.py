"""What several tests of the encrypted fields need."""

from __future__ import annotations

from tests.ring_in_force import other_ring  # noqa: F401 - a fixture
