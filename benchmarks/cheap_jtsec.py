"""jtsec's hasher at the price of `benchmarks.hashers.CheapArgon2`."""

from __future__ import annotations

from benchmarks.hashers import CHEAP
from jtsec.authentication.argon2_profiles import Argon2Profile
from jtsec.authentication.hashers import JtsecArgon2Hasher


class CheapJtsec(JtsecArgon2Hasher):
    """Hashes at next to no price."""

    def profile(self) -> Argon2Profile:
        return CHEAP
