"""What the tests of records share with those of fields."""

from __future__ import annotations

from tests.ring_in_force import other_ring

__all__ = ["other_ring"]
