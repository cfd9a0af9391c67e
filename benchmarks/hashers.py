"""Hashers that make two projects pay the same for a password."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

from jtsec.authentication.argon2_profiles import OWASP_MINIMUM, Argon2Profile

CHEAP = Argon2Profile(memory=8, time=1, lanes=1)


class SameArgon2(Argon2PasswordHasher):
    """Django's Argon2 with the parameters of jtsec's default profile."""

    time_cost = OWASP_MINIMUM.time
    memory_cost = OWASP_MINIMUM.memory
    parallelism = OWASP_MINIMUM.lanes


class CheapArgon2(Argon2PasswordHasher):
    """Django's Argon2 at next to no price, which shows the rest of a login."""

    time_cost, memory_cost, parallelism = CHEAP.time, CHEAP.memory, CHEAP.lanes
