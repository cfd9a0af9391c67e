"""
The ring as this process holds it: read when first asked for, watched from then on.

Where the keys came from is looked at again at most once a second, so that a rotation
reaches every process and a ring that was taken away is no longer used.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from jtsec.core.clock import elapsed
from jtsec.crypto import sm2
from jtsec.crypto.sm3 import KeyedMac
from jtsec.crypto.sm4 import Gcm

from .key import Key, Purpose
from .provider import KeyProvider, chosen_provider
from .ring import Ring

LOOK_AGAIN_AFTER: Final = 1.0
"""Seconds for which the ring is used without a look at where it came from."""


class Reading:
    """One reading of the ring, with what was made of its keys since."""

    __slots__ = (
        "active_gcms",
        "gcms",
        "looked_at",
        "macs",
        "of_purpose",
        "provider",
        "ring",
        "signers",
        "version",
    )

    def __init__(
        self, provider: KeyProvider, version: Hashable, looked_at: float
    ) -> None:
        self.provider = provider
        self.version = version
        self.looked_at = looked_at
        self.ring = Ring(provider.keys())
        self.gcms: dict[str, Gcm] = {}
        self.active_gcms: dict[Purpose, tuple[str, Gcm]] = {}
        self.macs: dict[str, KeyedMac] = {}
        self.of_purpose: dict[Purpose, list[Key]] = {}
        self.signers: dict[str, sm2.PrivateKey] = {}


class Holder:
    """Holds the last reading; asked by several threads."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: Reading | None = None

    def current(self) -> Reading:
        """Return the ring in force, read anew when it changed."""
        held, moment = self._last, elapsed()
        if held is not None and moment - held.looked_at < LOOK_AGAIN_AFTER:
            return held
        provider = chosen_provider() if held is None else held.provider
        version = provider.version()
        if held is None or held.version != version:
            # Two threads may both read; each gets a whole ring, the last one stays.
            held = self._last = Reading(provider, version, moment)
        held.looked_at = moment
        return held

    def knowing(self, key_id: str) -> Reading:
        """
        Return the ring in force; looked for anew at once where it lacks a key.

        Another process may have the next key a second earlier, and have written with
        it what this one reads now.
        """
        held = self.current()
        if not held.ring.has(key_id):
            held.looked_at = -LOOK_AGAIN_AFTER
            held = self.current()
        return held

    def drop(self) -> None:
        """Read everything anew the next time."""
        self._last = None


HOLDER: Final = Holder()
