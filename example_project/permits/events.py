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
    """Somebody opened an application; the numbers of its owner are masked."""

    resource: str


@event("permits:permit:imported", Outcome.DONE, label="导入申请")
class PermitsImported(Event):
    """Applications were taken over from somewhere else, all at once."""

    resource: str
    count: int


@event("permits:permit:exported", Outcome.DONE, clause="A5.1", label="导出查询结果")
class PermitsExported(Event):
    """Somebody took a table of applications out of the system, and said why."""

    resource: str
    reason: str
    conditions: Sensitive[str]
    count: int
    sm3: str


@event("permits:person:traced", Outcome.DONE, clause="A4.11", label="人员核查")
class PersonTraced(Event):
    """Somebody asked for all that is known of a person, and said why."""

    resource: str
    reason: str
    id_number: Sensitive[str]
    found: int


@event("permits:permit:approved", Outcome.DONE, clause="A5.1", label="批准通行证")
class PermitApproved(Event):
    """An application was approved by somebody who had no part in it."""

    resource: str
    filed_by: str


@event("permits:permit:sent-back", Outcome.DONE, clause="A5.1", label="退回申请")
class PermitSentBack(Event):
    """An application was rejected, withdrawn, or waited too long."""

    resource: str
    reason: str


@event("permits:permit:corrected", Outcome.DONE, clause="P45", label="更正通行证")
class PermitCorrected(Event):
    """A third person carried out a correction that others had approved."""

    resource: str
    asked_by: str


@event("permits:history:made-up", Outcome.DONE, label="写入演示用的历史记录")
class PastMadeUp(Event):
    """A year of events was made up for the demonstration and written at once."""

    resource: str
    count: int
