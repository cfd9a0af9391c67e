"""
An anchor that is a syslog service: over a local socket, or over UDP (RFC 3164).

It takes and never gives back: what it holds is compared by whoever keeps its log.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from typing import Final

from .anchor import AnchoredCheckpoint, Tail, line_of
from .exceptions import CannotRead
from .models import AuditCheckpoint

PRIORITY: Final = 13 * 8 + 5
"""Facility "log audit", severity "notice"."""

LONGEST: Final = 7_000
"""Bytes of a line that common services keep; a longer one goes without its body."""

PORT: Final = 514
TIMEOUT_SECONDS: Final = 5.0


class SyslogAnchor:
    """
    Sends checkpoints to a syslog service.

    Args:
        name: the anchor as the settings name it.
        place: the path of a socket, or host:port.
    """

    def __init__(self, name: str, place: str) -> None:
        self.name = name
        self.place = place

    def write(self, checkpoints: Sequence[AuditCheckpoint]) -> None:
        """Send checkpoints, one datagram each."""
        with self._connected() as channel:
            for one in checkpoints:
                line = line_of(one)
                if len(line) > LONGEST:
                    line = line_of(one, whole=False)
                channel.send(f"<{PRIORITY}>jtsec-audit: {line}".encode())

    def read(self) -> Iterator[AnchoredCheckpoint]:
        """Refuse: a syslog service cannot be asked."""
        raise CannotRead(f"{self.name}: a syslog service gives nothing back")

    def tail(self) -> Tail | None:
        """Refuse likewise."""
        raise CannotRead(f"{self.name}: a syslog service gives nothing back")

    def _connected(self) -> socket.socket:
        if self.place.startswith("/"):
            return _connect(socket.AF_UNIX, self.place)
        host, _colon, port = self.place.rpartition(":")
        if not host:
            host, port = self.place, str(PORT)
        family, _kind, _proto, _name, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_DGRAM
        )[0]
        return _connect(family, address)


def _connect(family: socket.AddressFamily, address: object) -> socket.socket:
    channel = socket.socket(family, socket.SOCK_DGRAM)
    channel.settimeout(TIMEOUT_SECONDS)
    try:
        channel.connect(address)  # type: ignore[arg-type]  # a path, or what getaddrinfo gave
    except OSError:
        channel.close()
        raise
    return channel
