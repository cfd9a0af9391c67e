"""What the interfaces can prove."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact

from .checks import is_whole
from .clients import list_clients
from .conf import rest_settings


def facts() -> Iterator[Fact]:
    """Yield whose keys are registered, and how a call is held in bounds."""
    clients = list(list_clients())
    altered = [one.code for one in clients if not is_whole(one)]
    yield Fact(
        "A4.13",
        "Terminals and services sign their calls; each signed call is accepted once.",
        not altered,
        {
            "clients": len(clients),
            "altered": altered,
            "seconds": rest_settings().signature_seconds,
        },
    )
    yield Fact(
        "A4.12",
        "Calls of interfaces are counted exactly; a warning comes before the block.",
        None,
        {"calls a minute": rest_settings().calls},
    )
