"""What is recorded without a line of the project's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Sensitive, Severity, event

Values = Mapping[str, Any]


@event("audit:model:created", Outcome.DONE, clause="A5.1", label=_("Record created"))
class RowCreated(Event):
    """A row of a registered model was created; `after` is what it holds."""

    resource: str
    after: Values
    sensitive_after: Sensitive[Values | None] = None


@event("audit:model:changed", Outcome.DONE, clause="A5.1", label=_("Record changed"))
class RowChanged(Event):
    """A row of a registered model was changed; only what differs is told."""

    resource: str
    before: Values
    after: Values
    sensitive_before: Sensitive[Values | None] = None
    sensitive_after: Sensitive[Values | None] = None


@event(
    "audit:model:deleted",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.1",
    label=_("Record deleted"),
)
class RowDeleted(Event):
    """A row of a registered model was deleted; `before` is what it held."""

    resource: str
    before: Values
    sensitive_before: Sensitive[Values | None] = None


@event("audit:relation:added", Outcome.DONE, clause="A5.1", label=_("Relation added"))
class RelationAdded(Event):
    """Rows were added to a many-to-many relation of a registered model."""

    resource: str
    relation: str
    keys: tuple[str, ...]


@event(
    "audit:relation:removed", Outcome.DONE, clause="A5.1", label=_("Relation removed")
)
class RelationRemoved(Event):
    """Rows were taken out of a many-to-many relation of a registered model."""

    resource: str
    relation: str
    keys: tuple[str, ...]


@event("audit:function:called", Outcome.DONE, clause="A5.1", label=_("Function called"))
class FunctionCalled(Event):
    """A registered function was called and did its work."""

    resource: str
    function: str
    arguments: Sensitive[Values | None] = None


@event(
    "audit:function:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A5.1",
    label=_("Function refused"),
)
class FunctionRefused(Event):
    """A registered function was called and refused."""

    resource: str
    function: str
    reason: str
    arguments: Sensitive[Values | None] = None


@event(
    "audit:function:failed",
    Outcome.FAILED,
    Severity.WARNING,
    clause="A5.1",
    label=_("Function failed"),
)
class FunctionFailed(Event):
    """A registered function was called and did not work; `reason` is the error's."""

    resource: str
    function: str
    reason: str
    arguments: Sensitive[Values | None] = None


@event(
    "audit:core-function:called",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A5.5",
    label=_("Core function called"),
)
class CoreFunctionCalled(Event):
    """A core function was called and did its work."""

    resource: str
    function: str
    arguments: Sensitive[Values | None] = None


@event(
    "audit:core-function:refused",
    Outcome.REFUSED,
    Severity.WARNING,
    core=True,
    clause="A5.5",
    label=_("Core function refused"),
)
class CoreFunctionRefused(Event):
    """A core function was called and refused."""

    resource: str
    function: str
    reason: str
    arguments: Sensitive[Values | None] = None


@event(
    "audit:core-function:failed",
    Outcome.FAILED,
    Severity.WARNING,
    core=True,
    clause="A5.5",
    label=_("Core function failed"),
)
class CoreFunctionFailed(Event):
    """A core function was called and did not work; `reason` is the error's."""

    resource: str
    function: str
    reason: str
    arguments: Sensitive[Values | None] = None


@event(
    "audit:records:viewed", Outcome.DONE, clause="A5.1", label=_("Records looked at")
)
class RecordsViewed(Event):
    """
    Somebody looked at records: under which conditions, how many, and which.

    `keys` are the first of those seen; `found` counts all of them.
    """

    resource: str
    found: int
    keys: tuple[str, ...]
    conditions: Sensitive[Values | None] = None


@event(
    "audit:attack:host",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="T6.3",
    label=_("Attack: unknown host"),
)
class UnknownHost(Event):
    """
    Requests named a host that this project does not serve.

    `count` is how many of this kind came from this source since the last event.
    """

    resource: str
    reason: str
    count: int
    detail: str


@event(
    "audit:attack:csrf",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="T6.3",
    label=_("Attack: forged form"),
)
class ForgedForm(Event):
    """Forms came without their token: an old page, or another site's forgery."""

    resource: str
    reason: str
    count: int
    detail: str


@event(
    "audit:attack:suspicious",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="T6.3",
    label=_("Attack: suspicious request"),
)
class SuspiciousRequest(Event):
    """Requests were malformed in a way that attacks are; `reason` is the kind."""

    resource: str
    reason: str
    count: int
    detail: str


@event(
    "audit:attack:interface",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="A4.13",
    label=_("Attack: unauthorised interface call"),
)
class UnauthorisedInterface(Event):
    """A REST or service interface was called by somebody who may not call it."""

    resource: str
    reason: str
    count: int
    detail: str


@event(
    "audit:attack:scan",
    Outcome.REFUSED,
    Severity.WARNING,
    clause="T6.3",
    label=_("Attack: scan"),
)
class Scan(Event):
    """Addresses were called that only a scanner calls; `reason` is the kind."""

    resource: str
    reason: str
    count: int
    detail: str


@event(
    "audit:attack:injection",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="T6.3",
    label=_("Attack: injection"),
)
class Injection(Event):
    """
    Requests carried SQL, script, commands or paths out of the site.

    Nothing was let through on account of it; `reason` is the kind.
    """

    resource: str
    reason: str
    count: int
    detail: str


@event(
    "audit:attack:flood",
    Outcome.REFUSED,
    Severity.ALARM,
    clause="T6.3",
    label=_("Attack: flood"),
)
class Flood(Event):
    """One source, or many at once, sent more refused requests than anybody honest."""

    resource: str
    reason: str
    count: int
    detail: str
