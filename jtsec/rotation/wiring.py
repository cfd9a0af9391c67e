"""Connects key rotation to the events and to the counting of encryptions."""

from __future__ import annotations

from jtsec.audit.api import record
from jtsec.core.context import acting_as, system_actor
from jtsec.keys.usage.api import on_crossing

from .events import KeyUsedOften


def tell_of_crossing(key_id: str, encryptions: int) -> None:
    """Record, once each, that a key passed the warning or the limit."""
    with acting_as(system_actor("keys")):
        record(KeyUsedOften(resource=f"key:{key_id}", encryptions=encryptions))


def wire() -> None:
    """Let the audit know when a key is used up."""
    on_crossing("rotation", tell_of_crossing)
