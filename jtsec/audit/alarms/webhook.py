"""
Sends an alarm to an address of the project's list, signed, and nowhere else.

The name is resolved once; every address it has is held against the allowed networks,
and the connection goes to one of those very addresses: a name that answers differently
a moment later leads nowhere (CWE-918). No proxy, no redirect, nothing read but the
status. The body is signed with a key that is this receiver's alone, derived from the
ring (`receiver_key`): what one receiver knows forges nothing for another, nor a record
of the audit.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.payload import canonical
from jtsec.core.exceptions import InputError
from jtsec.core.net import Address, is_within, parse_address
from jtsec.core.timed_connection import TimedConnection
from jtsec.crypto import sm3
from jtsec.keys import api as keys

from .conf import alarm_settings
from .events import ReceiverKeyShown
from .exceptions import NotDelivered

KEY_LABEL: Final = b"jtsec-alarm-webhook\x01"
"""Begins no payload of the audit, so the derivation is no statement of it."""


def send(target: str, message: Mapping[str, Any]) -> None:
    """
    Make one attempt.

    Args:
        target: "https://host:port/path", or http where it is listed so.
        message: as `message_of` makes it.

    Raises:
        NotDelivered, OSError, ConfigurationError: nobody knows the receiver has it.
    """
    url = urlsplit(target)
    body = canonical(message)
    connection = _Pinned(url, addresses_of(url))
    with closing(connection):
        try:
            connection.request("POST", _path(url), body, _headers(url, message, body))
            status = connection.getresponse().status
        except HTTPException as error:
            raise NotDelivered(f"no proper answer: {type(error).__name__}") from error
    if not 200 <= status < 300:
        raise NotDelivered(f"answered {status}")


def show_receiver_key(target: str) -> tuple[str, bytes]:
    """
    Return the key of a receiver for who sets the receiver up; recorded.

    Raises:
        InputError: the address is not in the settings.
        ConfigurationError: the ring cannot be used.
    """
    if target not in alarm_settings().webhooks:
        raise InputError(_("%(url)s is not in the settings.") % {"url": target})
    key_id, key = receiver_key(target)
    record(ReceiverKeyShown(resource=f"webhook:{target}", key=key_id))
    return key_id, key


def receiver_key(target: str) -> tuple[str, bytes]:
    """
    Return the id of the ring's key and the key derived from it for one receiver.

    Args:
        target: an address of the list.

    Raises:
        ConfigurationError: the ring cannot be used.
    """
    url = urlsplit(target)
    place = f"{url.hostname}:{url.port}".encode()
    return keys.mac(keys.Purpose.AUDIT_MAC, KEY_LABEL + place)


def signature(key: bytes, body: bytes) -> str:
    """Return the HMAC-SM3 of a body in hexadecimal digits."""
    return sm3.hmac(key, body).hex()


def addresses_of(url: SplitResult) -> list[str]:
    """
    Return the addresses of a host, all of which may be spoken to.

    Raises:
        NotDelivered: one of them may not.
        OSError: the name has none.
    """
    host = url.hostname or ""
    found = socket.getaddrinfo(host, url.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not _is_allowed(address, host):
            raise NotDelivered(f"{host} leads to {address}, which is not allowed")
    return addresses


def _is_allowed(text: str, host: str) -> bool:
    networks = alarm_settings().webhook_networks
    if networks:
        return is_within(text, networks)
    address = parse_address(text)
    if address is None or _is_special(address):
        return False
    # This machine only where the list names it: a name that leads here may be a trap.
    return not address.is_loopback or host == "localhost" or _is_literal(host)


def _is_special(address: Address) -> bool:
    return (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or (address.is_reserved and not address.is_loopback)
    )


def _is_literal(host: str) -> bool:
    return parse_address(host) is not None


def _path(url: SplitResult) -> str:
    return f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"


def _headers(
    url: SplitResult, message: Mapping[str, Any], body: bytes
) -> dict[str, str]:
    key_id, key = receiver_key(url.geturl())
    return {
        "Content-Type": "application/json",
        "User-Agent": "jtsec",
        "Connection": "close",
        "X-Jtsec-Delivery": str(message["delivery"]),
        "X-Jtsec-Key": key_id,
        "X-Jtsec-Signature": signature(key, body),
    }


class _Pinned(TimedConnection):
    """Speaks to one of the addresses that were checked."""

    def __init__(self, url: SplitResult, addresses: list[str]) -> None:
        seconds = alarm_settings().timeout_seconds
        context = _context() if url.scheme == "https" else None
        super().__init__(url.hostname or "", url.port or 0, seconds, context)
        self._addresses = addresses
        self._seconds_each = seconds / len(addresses)

    def open_channel(self) -> socket.socket:
        """Return a connection to the first of the addresses that takes one."""
        fault: OSError = OSError("no address")
        for address in self._addresses:
            try:
                return socket.create_connection(
                    (address, self.port), timeout=self._seconds_each
                )
            except OSError as error:
                fault = error
        raise fault


def _context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=alarm_settings().webhook_ca or None)
