"""
Terminals that are bound to a person, and whether a request comes from one (A4.11).

A critical function runs only from a terminal bound to its user. What a binding gives
must all fit; one binding that fits is enough. Nothing a client can write is looked at:
address, terminal id, MAC and certificate are those of `jtsec.core.source`, which
believes the named proxies alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from jtsec.core.clock import now
from jtsec.core.net import is_within
from jtsec.core.source import Source


class Bound(Protocol):
    """What `fits` asks of a binding; a row, or what a process keeps of one."""

    @property
    def right(self) -> str:
        """Return the right it is for, "" for every one of the person."""

    @property
    def networks(self) -> Sequence[str]:
        """Return networks in CIDR form."""

    @property
    def terminal(self) -> str:
        """Return a terminal id or MAC."""

    @property
    def certificate(self) -> str:
        """Return the fingerprint of a certificate."""

    @property
    def valid_until(self) -> datetime | None:
        """Return when it ends by itself."""


def fits(bindings: Iterable[Bound], right: str, source: Source) -> bool:
    """
    Answer whether somebody may use a critical function from here (clause A4.11).

    Args:
        bindings: those of the person, whole and not ended; none is none from which
            the function works.
        right: the function's.
        source: where the request comes from.
    """
    return any(
        one.right in ("", right) and _is_from(one, source) and not _is_over(one)
        for one in bindings
    )


def _is_from(one: Bound, source: Source) -> bool:
    if not (one.networks or one.terminal or one.certificate):
        return False  # what asks for nothing would fit everywhere
    if one.networks and not is_within(source.address, one.networks):
        return False
    if one.terminal and one.terminal not in (source.terminal, source.mac):
        return False
    return not one.certificate or hmac.compare_digest(
        one.certificate, source.certificate
    )


def _is_over(one: Bound) -> bool:
    return one.valid_until is not None and one.valid_until <= now()
