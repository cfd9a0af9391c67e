"""Serves the demonstration on the loopback interface, and nowhere else."""

from __future__ import annotations

import os
import socket

from django.core.wsgi import get_wsgi_application

from .exceptions import NotReady

HOST = "127.0.0.1"
THREADS = 8
LARGEST_BODY = 32 * 1024 * 1024


def reserve_port(port: int) -> socket.socket:
    """
    Return a socket that has the port, before anything else is done.

    Args:
        port: the port; 0 takes any free one.

    Raises:
        NotReady: something else has it.
    """
    reserved = socket.socket()
    if os.name == "posix":
        # A port whose last server ended a moment ago is free; Windows means by this
        # that a port in use may be shared.
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        reserved.bind((HOST, port))
        reserved.listen()
    except OSError as error:
        reserved.close()
        raise NotReady(
            f"端口 {port} 不能使用（{error.strerror}），可能已被别的程序占用。"
            f"请换一个端口，例如: make demo PORT={port + 1 if port < 65535 else 8000}"
        ) from error
    return reserved


def serve(reserved: socket.socket) -> None:
    """
    Serve until interrupted.

    Raises:
        NotReady: the server is not installed.
    """
    try:
        from waitress import serve as serve_with  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise NotReady('没有安装示例的服务程序: pip install "jtsec[demo]"') from error
    serve_with(
        get_wsgi_application(),
        sockets=[reserved],
        threads=THREADS,
        ident=None,  # a version in a header helps an attacker alone
        max_request_body_size=LARGEST_BODY,
        clear_untrusted_proxy_headers=True,
        _quiet=True,
    )
