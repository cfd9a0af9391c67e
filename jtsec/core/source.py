"""
Where a request comes from: one address, and a terminal where a gateway names one.

Nothing a client can write is believed. The peer's own address counts, unless that peer
is one of the proxies the project names; then the forwarded header is read from the
right, as each named proxy appended it, and the first address that is not a named proxy
is the client. Whatever stands left of it the client may have invented.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_network
from typing import Any

from django.utils.translation import gettext_noop

from .conf import Section, load, option, settings_section
from .net import is_within, parse_address
from .rules import matching, networks

HEADER_NAME = matching(r"[A-Za-z0-9-]*", gettext_noop("a header name"))
TERMINAL = re.compile(r"[A-Za-z0-9._:-]{1,64}\Z")


@settings_section("JTSEC_SOURCE_")
class SourceSettings(Section):
    """Says whose word about a client's address is believed."""

    trusted_proxies: tuple[str, ...] = option(
        (),
        "Networks of the proxies whose headers are believed; `unix` for a socket.",
        clause="A3.2.7",
        valid=networks(),
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


@dataclass(frozen=True, slots=True)
class Source:
    """
    The origin of a request.

    Args:
        address: the client's address in normal form, "" when there is none.
        terminal: the terminal id a named proxy sent, "" when none did.
        mac: the MAC a named proxy sent, lower case with colons, "" when none did.
    """

    address: str = ""
    terminal: str = ""
    mac: str = ""

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
    )


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
    return value if TERMINAL.match(value) else ""


def _header(meta: Mapping[str, Any], header: str) -> str:
    if not header:
        return ""
    return str(meta.get("HTTP_" + header.upper().replace("-", "_"), ""))


def _normal(address: str) -> str:
    parsed = parse_address(address) if address else None
    return "" if parsed is None else str(parsed)
