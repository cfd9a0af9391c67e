"""What the temporary passes report to the audit."""

from __future__ import annotations

from jtsec.audit.events import Event, Outcome, Sensitive, event


@event("permits:permit:filed", Outcome.DONE, clause="A5.1", label="申请通行证")
class PermitFiled(Event):
    """An application for a temporary pass was filed."""

    resource: str
    owner_name: Sensitive[str]


@event("permits:permit:queried", Outcome.DONE, clause="A5.1", label="查询通行证")
class PermitsQueried(Event):
    """Somebody searched the applications by plate or by an owner's data."""

    resource: str
    conditions: Sensitive[str]
    found: int


@event("permits:permit:viewed", Outcome.DONE, clause="A5.1", label="查看申请详情")
class PermitViewed(Event):
    """Somebody opened an application with its owner's full data."""

    resource: str


@event("permits:permit:imported", Outcome.DONE, label="导入申请")
class PermitsImported(Event):
    """Applications were taken over from somewhere else, all at once."""

    resource: str
    count: int
