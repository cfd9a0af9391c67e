"""What several tests of access begin with."""

from __future__ import annotations

from tests.access.file_site import file_site  # noqa: F401 - a fixture
from tests.access.hand_to_hand import hands  # noqa: F401 - a fixture
