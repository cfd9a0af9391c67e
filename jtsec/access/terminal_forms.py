"""What says which terminal, in the form in which it is stored and compared."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from jtsec.authentication.api import normal_networks, normal_terminals
from jtsec.core.exceptions import InputError
from jtsec.core.net import parse_networks
from jtsec.core.source import fingerprint

from .conf import access_settings
from .models import TerminalBinding

WHERE = ("networks", "terminal", "certificate")


def described(
    networks: Iterable[str], terminal: str, certificate: str
) -> TerminalBinding:
    """
    Return a binding that says which terminal, and nothing of whose it is.

    Raises:
        InputError: something is malformed, or nothing, or everything, is named.
    """
    found = TerminalBinding(
        networks=_networks(networks),
        terminal=normal_terminals([terminal])[0] if terminal else "",
        certificate=_certificate(certificate),
    )
    if not any(getattr(found, name) for name in WHERE):
        raise InputError(
            _("Say which terminal: networks, an id or MAC, or a certificate."),
            code="nothing-bound",
        )
    has_name = found.terminal or found.certificate
    if not has_name and not access_settings().binding_address_alone:
        raise InputError(
            _("An address alone is not enough here; add an id or a certificate."),
            field="networks",
            code="address-alone",
        )
    return found


def _networks(given: Iterable[str]) -> list[str]:
    found = normal_networks(given)
    if any(one.prefixlen == 0 for one in parse_networks(tuple(found))):
        raise InputError(
            _("A network of all addresses binds nothing."),
            field="networks",
            code="everywhere",
        )
    return found


def _certificate(given: str) -> str:
    found = fingerprint(given)
    if given and not found:
        raise InputError(
            _("Not a certificate, nor its SHA-256 or SM3 fingerprint."),
            field="certificate",
            code="not-a-fingerprint",
        )
    return found
