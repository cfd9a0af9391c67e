"""The hasher of most tests: the real one at a price that lets them run in numbers."""

from __future__ import annotations

import os
from pathlib import Path

from jtsec.authentication.argon2_profiles import Argon2Profile
from jtsec.authentication.hashers import JtsecArgon2Hasher

COUNT_FILE = "JTSEC_TEST_VERIFICATIONS"


class CheapHasher(JtsecArgon2Hasher):
    """Hashes in well under a millisecond."""

    def profile(self) -> Argon2Profile:
        """Return a price far below any that is published."""
        return Argon2Profile(memory=8, time=1, lanes=1)


class CountingHasher(CheapHasher):
    """Notes every comparison with a stored value, across threads and processes."""

    def verify(self, password: str | bytes, encoded: str) -> bool:
        """Append one byte to the file that the environment names, then compare."""
        target = os.environ.get(COUNT_FILE)
        if target:
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(descriptor, b".")
            os.close(descriptor)
        return super().verify(password, encoded)


def verifications(path: Path) -> int:
    """Return how many comparisons were noted."""
    return path.stat().st_size if path.exists() else 0
