"""
Sends an alarm to a syslog receiver: UDP, TCP (RFC 6587, octet counting), Unix socket.

UDP has no answer; that nobody listens is told by the network, if it tells. TCP has
none of its own either: that the receiver closes after us says it has read everything.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

from .cef import syslog_message
from .conf import alarm_settings
from .exceptions import NotDelivered

REFUSAL_SECONDS: Final = 0.2
"""How long a refusal of a datagram is waited for."""


def send(target: str, message: Mapping[str, Any]) -> None:
    """
    Make one attempt.

    Args:
        target: "udp:host:port", "tcp:host:port" or "unix:/path".
        message: as `message_of` makes it.

    Raises:
        NotDelivered, OSError: nobody knows that the receiver has it.
    """
    kind, _colon, where = target.partition(":")
    data = syslog_message(message)
    if kind == "unix":
        _send_by_path(where, data)
    elif kind == "udp":
        _send_datagram(_address(where), data)
    else:
        _send_stream(_address(where), data)


def _address(where: str) -> tuple[str, int]:
    host, _colon, port = where.rpartition(":")
    return host.strip("[]"), int(port)


def _send_datagram(address: tuple[str, int], data: bytes) -> None:
    family, kind, protocol, _name, resolved = socket.getaddrinfo(
        *address, type=socket.SOCK_DGRAM
    )[0]
    with closing(socket.socket(family, kind, protocol)) as channel:
        # Connected, so that a refusal comes back to us.
        channel.connect(resolved)
        channel.send(data)
        channel.settimeout(REFUSAL_SECONDS)
        try:
            channel.recv(1)
        except TimeoutError:
            return


def _send_stream(address: tuple[str, int], data: bytes) -> None:
    seconds = alarm_settings().timeout_seconds
    with closing(socket.create_connection(address, timeout=seconds)) as channel:
        _send_framed(channel, data)


def _send_framed(channel: socket.socket, data: bytes) -> None:
    channel.sendall(b"%d " % len(data) + data)
    channel.shutdown(socket.SHUT_WR)
    if channel.recv(1):
        raise NotDelivered("the receiver speaks, which no syslog receiver does")


def _send_by_path(path: str, data: bytes) -> None:
    seconds = alarm_settings().timeout_seconds
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as channel:
        channel.settimeout(seconds)
        try:
            channel.connect(path)
        except OSError as error:
            if error.errno != errno.EPROTOTYPE:
                raise
        else:
            channel.send(data)
            return
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as channel:
        channel.settimeout(seconds)
        channel.connect(path)
        _send_framed(channel, data)
