"""An HTTP connection that ends in time, whatever the other side does."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from threading import Timer


class TimedConnection(HTTPConnection):
    """
    Speaks to one host, for so many seconds at most.

    A socket's own timeout begins anew with every byte: a receiver that sends one now
    and then would keep its sender for days, and what waits behind it too.

    Args:
        host: whom to speak to, also the name its certificate has to show.
        port: where.
        seconds: from the connection to the end of the answer.
        context: of TLS; None to speak in clear.
    """

    def __init__(
        self, host: str, port: int, seconds: float, context: ssl.SSLContext | None
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        if context is not None:
            self.default_port = HTTPSConnection.default_port
        self._context = context
        self._seconds = seconds
        self._end: Timer | None = None

    def open_channel(self) -> socket.socket:
        """Return a socket that is connected."""
        return socket.create_connection((self.host, self.port), timeout=self._seconds)

    def connect(self) -> None:
        """Connect, and begin to count the seconds."""
        self.sock = self.open_channel()
        if self._context is not None:
            self.sock = self._context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
        self._end = Timer(self._seconds, _shut, (self.sock,))
        self._end.daemon = True
        self._end.start()
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def close(self) -> None:
        """Close, and leave no timer behind."""
        if self._end is not None:
            self._end.cancel()
        super().close()


def _shut(channel: socket.socket) -> None:
    # The plain socket's way, which does not wait for the other side's goodbye.
    with suppress(OSError):
        socket.socket.shutdown(channel, socket.SHUT_RDWR)
