"""Receivers of alarms on this machine: SMTP, syslog, HTTP; good, slow and dead ones."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Inbox:
    """What a receiver got, in order."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self._changed = threading.Condition()

    def put(self, one: Any) -> None:
        with self._changed:
            self.got.append(one)
            self._changed.notify_all()

    def wait(self, number: int = 1, seconds: float = 10) -> list[Any]:
        """Return what came, once there is so much of it."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.got) >= number, seconds)
            return list(self.got)


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    """Serve in a thread until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def web(
    inbox: Inbox,
    answer: Callable[[BaseHTTPRequestHandler], None] | None = None,
    *,
    port: int = 0,
    certificate: Path | None = None,
) -> Iterator[int]:
    """Serve HTTP, or HTTPS with a certificate, and yield the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            inbox.put((self.path, dict(self.headers), body))
            if answer is not None:
                answer(self)
            else:
                self.send_response(204)
                self.end_headers()

        def do_GET(self) -> None:
            inbox.put((self.path, dict(self.headers), b"GET"))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients that hang up are part of the tests."""

    server = Server(("127.0.0.1", port), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with running(server):
        yield server.server_address[1]


@contextmanager
def syslog_udp(inbox: Inbox) -> Iterator[int]:
    """Take datagrams and yield the port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            inbox.put(self.request[0])

    with socketserver.UDPServer(("127.0.0.1", 0), Handler) as server, running(server):
        yield server.server_address[1]


class _Framed(socketserver.StreamRequestHandler):
    """Takes octet-counted messages until the sender ends, as RFC 6587 says."""

    inbox: Inbox

    def handle(self) -> None:
        while True:
            count = b""
            while (one := self.rfile.read(1)) not in (b" ", b""):
                count += one
            if not count:
                return
            self.inbox.put(self.rfile.read(int(count)))


def framed(inbox: Inbox) -> type[_Framed]:
    """Return a handler that puts messages into an inbox."""
    return type("Handler", (_Framed,), {"inbox": inbox})


@contextmanager
def syslog_tcp(inbox: Inbox) -> Iterator[int]:
    """Take framed messages and yield the port."""
    with (
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), framed(inbox)) as server,
        running(server),
    ):
        yield server.server_address[1]


@contextmanager
def syslog_unix(inbox: Inbox, path: Path, *, stream: bool) -> Iterator[None]:
    """Take messages from a socket in the file system."""

    class Datagrams(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            inbox.put(self.request[0])

    server = (
        socketserver.ThreadingUnixStreamServer(str(path), framed(inbox))
        if stream
        else socketserver.UnixDatagramServer(str(path), Datagrams)
    )
    with running(server):
        yield


class _Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs to leave a message."""

    inbox: Inbox

    def handle(self) -> None:
        self._say("220 test")
        recipient = ""
        for line in iter(self.rfile.readline, b""):
            word = line.split(b":")[0].split()[0].upper()
            if word == b"RCPT":
                recipient = line.decode().split("<")[1].split(">")[0]
            if word == b"DATA":
                self._say("354 go on")
                self.inbox.put((recipient, self._message()))
            self._say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def _message(self) -> bytes:
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            lines.append(line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def smtp(inbox: Inbox) -> Iterator[int]:
    """Take mails and yield the port."""
    handler = type("Handler", (_Smtp,), {"inbox": inbox})
    with (
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server,
        running(server),
    ):
        yield server.server_address[1]


@contextmanager
def silent() -> Iterator[int]:
    """Accept connections and never say a word; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def dripping(pause: float = 0.2) -> Iterator[int]:
    """Answer one byte at a time until the block ends; yield the port."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                self.request.sendall(b"HTTP/1.1 ")
                while not over.wait(pause):
                    self.request.sendall(b"a")
            except OSError:
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server, running(server):
        try:
            yield server.server_address[1]
        finally:
            over.set()
