"""
Runs a task of the background when somebody asks for it (clause A9.4).

That it is asked for is recorded in the request; the work is done when the answer has
gone out, for nobody's browser should wait for a year of events to be sealed. It is
done by the worker that answered, as the same work is after other responses; killed on
the way, it goes on from there at the next turn, and its end is missing in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from django.db import DatabaseError
from django.http import HttpResponse

from jtsec.approvals.api import expire_overdue
from jtsec.audit.alarms.api import deliver_due, escalate_overdue
from jtsec.audit.api import boundary, record
from jtsec.audit.rules.api import watch
from jtsec.audit.sealing.api import seal_now
from jtsec.core.context import Actor, acting_as, current
from jtsec.core.exceptions import JtsecError
from jtsec.core.source import Source

from .events import TaskEnded, TaskFailed, TaskStarted

Figures = Mapping[str, object]


def _seal() -> Figures:
    made = seal_now()
    return {"checkpoints": len(made), "records": sum(one.count for one in made)}


def _watch() -> Figures:
    look = watch()
    return {"events": look.events, "findings": look.findings}


def _deliver() -> Figures:
    overdue, done = escalate_overdue(), deliver_due()
    return {"escalated": len(overdue), "sent": done.sent, "waiting": done.waiting}


def _expire() -> Figures:
    return {"closed": expire_overdue()}


RUNS: Final[Mapping[str, Callable[[], Figures]]] = MappingProxyType(
    {"seal": _seal, "watch": _watch, "deliver": _deliver, "expire": _expire}
)
"""What a browser may start: each alone at a time by a lock of its own, and resumable.

Not archiving, which is the auditors', nor what hands events over without an end.
"""


def run_after(response: HttpResponse, code: str, reason: str) -> None:
    """
    Record that a task is started, and have it done when the response has gone out.

    Args:
        response: what the browser is told.
        code: of `RUNS`.
        reason: why, as it was typed.

    Raises:
        AuditUnavailable: it could not be recorded; nothing is done.
    """
    record(TaskStarted(resource=f"task:{code}", reason=reason))
    who, source = current().actor, current().source
    closers: list[Callable[[], None]] = response._resource_closers  # type: ignore[attr-defined]  # as FileResponse does
    closers.append(lambda: run(code, who, source))


def run(code: str, who: Actor, source: Source) -> None:
    """Do a task in somebody's name, and record what came of it."""
    resource = f"task:{code}"
    with acting_as(who), boundary():
        try:
            figures = RUNS[code]()
        except (JtsecError, DatabaseError) as error:
            # Its words may name what is no business of a log; its kind says enough.
            failed = TaskFailed(resource=resource, reason=type(error).__name__)
            record(failed, source=source)
        else:
            record(TaskEnded(resource=resource, result=figures), source=source)
