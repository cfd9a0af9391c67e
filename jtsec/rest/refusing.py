"""Refusing a signed request: what the client is told, and what is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jtsec.audit.api import record
from jtsec.audit.events import Event
from jtsec.core.clock import elapsed
from jtsec.core.source import SIGNED_CLIENT, Source

from .events import ClientAltered, SignedRequestRefused, SignedRequestReplayed
from .exceptions import SignatureRefused

MINUTE: Final = 60.0
MOST: Final = 10_000


@dataclass(frozen=True)
class Told:
    """What a client reads: a code for its program, a sentence for its people."""

    code: str
    sentence: str | Promise


UNREADABLE: Final = Told(
    "signature-refused", _("The signature of this request is not accepted.")
)
OUT_OF_TIME: Final = Told(
    "signature-out-of-time",
    _("The time in the signature differs too much from the server's clock."),
)
REPLAYED: Final = Told(
    "signature-replayed", _("This signed request was received before.")
)

_told: dict[tuple[str, str, str], float] = {}


def refused(reason: str, told: Told, client: str, source: Source) -> SignatureRefused:
    """
    Return the refusal of a signed request, recorded.

    Told once a minute of one reason, client and source, since anybody can send a
    thousand bad signatures a second; how many came, the audit of attacks sums up
    (`audit:attack:interface`).

    Args:
        reason: the exact code.
        told: what the client reads.
        client: `client:<code>`, or what the header claims, "" where it claims nothing.
        source: from where it came.
    """
    # What a header only claims makes no difference: a stranger can think of a new
    # client for every request, and would fill the log.
    known = client if client.startswith(SIGNED_CLIENT) else ""
    key = (reason, known, source.key)
    last = _told.get(key)
    if last is None or elapsed() - last >= MINUTE:
        if len(_told) >= MOST:
            _told.clear()
        record(_event(reason, client or "client"), source=source)
        _told[key] = elapsed()
    return SignatureRefused(reason, told.code, str(told.sentence))


def forget() -> None:
    """Forget what was told; for tests."""
    _told.clear()


def _event(reason: str, resource: str) -> Event:
    if reason == "replayed":
        return SignedRequestReplayed(resource=resource, reason=reason)
    if reason == "seal-broken":
        return ClientAltered(resource=resource, reason=reason)
    return SignedRequestRefused(resource=resource, reason=reason)
