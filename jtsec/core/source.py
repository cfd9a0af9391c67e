"""
Where a request comes from: one address, and a terminal where a gateway names one.

Nothing a client can write is believed. The peer's own address counts, unless that peer
is one of the proxies the project names; then the forwarded header is read from the
right, as each named proxy appended it, and the first address that is not a named proxy
is the client. Whatever stands left of it the client may have invented.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_network
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext_noop

from .conf import Section, load, option, settings_section
from .net import is_within, parse_address
from .rules import matching, networks, no_whole_world

HEADER_NAME = matching(r"[A-Za-z0-9-]*", gettext_noop("a header name"))
TERMINAL = re.compile(r"[A-Za-z0-9._:-]{1,64}\Z")
SIGNED_CLIENT = "client:"
"""How the terminal of a signed request begins; no proxy's header names one."""

FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")
PEM = re.compile(
    r"\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----"
)


@settings_section("JTSEC_SOURCE_")
class SourceSettings(Section):
    """Says whose word about a client's address is believed."""

    trusted_proxies: tuple[str, ...] = option(
        (),
        "Networks of the proxies whose headers are believed; `unix` for a socket.",
        clause="A3.2.7",
        valid=networks(),
        floor=no_whole_world(),
    )
    forwarded_header: str = option(
        "X-Forwarded-For",
        "The header in which the named proxies append the client's address.",
        clause="A3.2.7",
        valid=HEADER_NAME,
    )
    terminal_header: str = option(
        "",
        "The header in which a named proxy puts the terminal's id, empty for none.",
        clause="A3.2.8",
        valid=HEADER_NAME,
    )
    mac_header: str = option(
        "",
        "The header in which a named proxy puts the terminal's MAC, empty for none.",
        clause="A3.2.8",
        valid=HEADER_NAME,
    )
    certificate_header: str = option(
        "",
        "The header in which a named proxy puts the client's certificate, or its "
        "SHA-256 or SM3 fingerprint, empty for none.",
        clause="A4.11",
        valid=HEADER_NAME,
    )


@dataclass(frozen=True, slots=True)
class Source:
    """
    The origin of a request.

    Args:
        address: the client's address in normal form, "" when there is none.
        terminal: the terminal id a named proxy sent, "" when none did.
        mac: the MAC a named proxy sent, lower case with colons, "" when none did.
        certificate: the fingerprint of the certificate with which the client opened
            the connection to a named proxy, 64 hexadecimal digits, "" when none did.
    """

    address: str = ""
    terminal: str = ""
    mac: str = ""
    certificate: str = ""

    @property
    def key(self) -> str:
        """
        Return the name under which this terminal is counted and blacklisted.

        An IPv6 client owns a whole /64; counting single addresses would give it
        2^64 fresh starts.
        """
        if self.terminal:
            return f"terminal:{self.terminal}"
        if self.mac:
            return f"mac:{self.mac}"
        address = parse_address(self.address) if self.address else None
        if isinstance(address, IPv6Address):
            return f"address:{ip_network((address, 64), strict=False)}"
        return f"address:{self.address or 'local'}"


LOCAL = Source()


def source_settings() -> SourceSettings:
    """Return the settings in force."""
    return load(SourceSettings)


def client_source(meta: Mapping[str, Any]) -> Source:
    """
    Work out a request's source from its WSGI or ASGI environment.

    Args:
        meta: `request.META`.

    Returns:
        The source. A forwarded header that cannot be read stops the walk at the last
        address that is certain, the proxy's own: too many clients then share one
        counter, which fails closed.
    """
    peer = str(meta.get("REMOTE_ADDR", ""))
    chosen = source_settings()
    if not chosen.trusted_proxies or not _is_trusted(peer, chosen):
        return Source(_normal(peer))
    return Source(
        address=_forwarded(meta, peer, chosen),
        terminal=_token(meta, chosen.terminal_header),
        mac=_token(meta, chosen.mac_header).lower().replace("-", ":"),
        certificate=fingerprint(_header(meta, chosen.certificate_header)),
    )


def fingerprint(text: str) -> str:
    """
    Return a certificate's fingerprint in one form, "" for anything else.

    SHA-1 is not taken, though proxies offer it: two certificates with one such
    fingerprint can be made. A proxy that knows no better sends the certificate.

    Args:
        text: the certificate in PEM, URL-escaped or with its lines joined by spaces
            or tabs, of which SHA-256 is taken; or a SHA-256 or SM3 fingerprint, with
            or without colons.
    """
    if "CERTIFICATE" in text:
        found = PEM.match(unquote(text))
        der = _decoded("".join(found[1].split())) if found else b""
        return hashlib.sha256(der).hexdigest() if der else ""
    digits = text.strip().replace(":", "").lower()
    return digits if FINGERPRINT.match(digits) else ""


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""


def _is_trusted(peer: str, chosen: SourceSettings) -> bool:
    if not peer:
        return "unix" in chosen.trusted_proxies
    return is_within(peer, [one for one in chosen.trusted_proxies if one != "unix"])


def _forwarded(meta: Mapping[str, Any], peer: str, chosen: SourceSettings) -> str:
    certain = _normal(peer)
    hops = _header(meta, chosen.forwarded_header).split(",")
    for hop in reversed(hops):
        address = parse_address(hop)
        if address is None:
            return certain
        certain = str(address)
        if not _is_trusted(certain, chosen):
            return certain
    return certain


def _token(meta: Mapping[str, Any], header: str) -> str:
    value = _header(meta, header).strip()
    is_claim = value.lower().startswith(SIGNED_CLIENT)
    return value if TERMINAL.match(value) and not is_claim else ""


def _header(meta: Mapping[str, Any], header: str) -> str:
    if not header:
        return ""
    return str(meta.get("HTTP_" + header.upper().replace("-", "_"), ""))


def _normal(address: str) -> str:
    parsed = parse_address(address) if address else None
    return "" if parsed is None else str(parsed)
