"""What is reported to the audit when keys change."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "rotation:key:prepared",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A10.3",
    label=_("Key prepared"),
)
class KeyPrepared(Event):
    """A person had a key made that will follow the active one of a purpose."""

    resource: str
    reason: str


@event(
    "rotation:key:activated",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A10.3",
    label=_("Key activated"),
)
class KeyActivated(Event):
    """A prepared key protects new data from now on; the one before is replaced."""

    resource: str
    reason: str


@event(
    "rotation:data:renewed",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A6.3",
    label=_("Data put under new keys"),
)
class DataRenewed(Event):
    """Stored values of one place were put under the active keys."""

    resource: str
    reason: str
    values: int
    left: int


@event(
    "rotation:key:retired",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A10.3",
    label=_("Key retired"),
)
class KeyRetired(Event):
    """No stored value was found under a replaced key any more."""

    resource: str
    reason: str


@event(
    "rotation:file:escrowed",
    Outcome.DONE,
    Severity.WARNING,
    clause="A10.3",
    label=_("Key file cut into shares"),
)
class KeysEscrowed(Event):
    """A person had the key file cut into shares, one for each holder named."""

    resource: str
    reason: str
    needed: int
    holders: list[str]


@event(
    "rotation:key:used-often",
    Outcome.DONE,
    Severity.ALARM,
    clause="A6.3",
    label=_("Key to be rotated"),
)
class KeyUsedOften(Event):
    """A key encrypted as often as asks for its rotation, or as its cipher bears."""

    resource: str
    encryptions: int


@event(
    "rotation:change:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A10.3",
    label=_("Key change refused"),
)
class RotationRefused(Event):
    """Somebody without the duty wanted to change keys."""

    resource: str
    reason: str
