"""
Who does the SM2 arithmetic: the choice of the provider in use.

Hardware, if it is installed, else `gmssl_pyx`, else `gmssl`. A hardware module joins by
an entry point in the group `jtsec.sm2` that names a class of `Sm2Provider`.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from jtsec.crypto import sm2_gmssl, sm2_native
from jtsec.crypto.exceptions import ProviderUnavailable
from jtsec.crypto.sm2_contract import KeyPair, SealedParts, Sm2Provider

__all__ = [
    "ENTRY_POINT_GROUP",
    "KeyPair",
    "SealedParts",
    "Sm2Provider",
    "active_provider",
    "software_providers",
]

ENTRY_POINT_GROUP: Final = "jtsec.sm2"


@cache
def active_provider() -> Sm2Provider:
    """
    Returns the provider in use, chosen once per process.

    An installed hardware provider that does not load is an error. Falling back would
    quietly use keys outside of the module that was bought to hold them.

    Raises:
        ProviderUnavailable: none, or two hardware providers, or one that fails.
    """
    hardware = tuple(entry_points(group=ENTRY_POINT_GROUP))
    if len(hardware) > 1:
        names = ", ".join(sorted(entry.name for entry in hardware))
        raise ProviderUnavailable(f"more than one SM2 hardware provider: {names}")
    if hardware:
        return _load(hardware[0])
    for provider in software_providers().values():
        return provider
    raise ProviderUnavailable("SM2 needs the package gmssl or gmssl_pyx")


def software_providers() -> dict[str, Sm2Provider]:
    """Returns the software providers installed here by name, the preferred first."""
    providers: dict[str, Sm2Provider] = {}
    if sm2_native.is_installed():
        providers[sm2_native.NativeProvider.name] = sm2_native.NativeProvider()
    if sm2_gmssl.is_installed():
        providers[sm2_gmssl.GmsslProvider.name] = sm2_gmssl.GmsslProvider()
    return providers


def _load(entry: EntryPoint) -> Sm2Provider:
    """Returns the provider an entry point names, or raises `ProviderUnavailable`."""
    try:
        provider = entry.load()()
    except Exception as error:  # a driver may raise anything; the cause is kept
        raise ProviderUnavailable(f"SM2 provider {entry.name} failed") from error
    if not isinstance(provider, Sm2Provider):
        raise ProviderUnavailable(f"SM2 provider {entry.name} is no Sm2Provider")
    return provider
