"""What one password hash costs: published profiles, frozen, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Argon2Profile:
    """
    The parameters of Argon2id.

    Args:
        memory: KiB of memory.
        time: passes over it.
        lanes: degree of parallelism.
    """

    memory: int
    time: int
    lanes: int

    def __str__(self) -> str:
        return f"{self.memory},{self.time},{self.lanes}"


OWASP_MINIMUM = Argon2Profile(memory=19 * 1024, time=2, lanes=1)
"""OWASP Password Storage Cheat Sheet, the recommended minimum."""

OWASP_46_MIB = Argon2Profile(memory=46 * 1024, time=1, lanes=1)
"""OWASP Password Storage Cheat Sheet, same strength with more memory, less time."""

RFC_9106_LOW_MEMORY = Argon2Profile(memory=64 * 1024, time=3, lanes=4)
"""RFC 9106 section 4, the second recommended option: memory-constrained places."""

PROFILES: Mapping[str, Argon2Profile] = MappingProxyType(
    {
        "owasp-minimum": OWASP_MINIMUM,
        "owasp-46-mib": OWASP_46_MIB,
        "rfc9106-low-memory": RFC_9106_LOW_MEMORY,
    }
)
