"""Networks and addresses: parsed once, compared as numbers, never as text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@lru_cache(maxsize=1024)
def parse_address(text: str) -> Address | None:
    """
    Parse an address, or return None when it is not one.

    An IPv4 address wrapped in IPv6 (`::ffff:10.1.1.1`) is unwrapped: otherwise one
    machine has two names, two counters and two chances. A zone (`%eth0`) is dropped
    for the same reason.
    """
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(maxsize=256)
def parse_networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """
    Parse networks in CIDR form or single addresses.

    Raises:
        ValueError: when one is not a network, or has host bits set.
    """
    return tuple(ip_network(text.strip()) for text in texts)


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Answer whether an address lies in any of the networks; nonsense never does."""
    parsed = parse_address(address)
    if parsed is None:
        return False
    return any(parsed in network for network in parse_networks(tuple(networks)))
