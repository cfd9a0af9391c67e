"""What the console reports to the audit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jtsec.audit.events import Event, Outcome, Severity, event


@event(
    "console:parameter:changed",
    Outcome.DONE,
    Severity.WARNING,
    clause="A3.2.8",
    label=_("Setting changed"),
)
class ParameterChanged(Event):
    """A setting stands otherwise than when it was looked at last; the actor saw it."""

    resource: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@event(
    "console:list:exported",
    Outcome.DONE,
    Severity.NOTICE,
    clause="A5.1",
    label=_("List exported"),
)
class ListExported(Event):
    """Somebody took a list of the console out as a file."""

    resource: str
    conditions: Mapping[str, str]
    format: str
    count: int
    sm3: str


@event(
    "console:task:started",
    Outcome.DONE,
    Severity.NOTICE,
    core=True,
    clause="A9.4",
    label=_("Task started by hand"),
)
class TaskStarted(Event):
    """Somebody had a task of the background run at once."""

    resource: str
    reason: str


@event(
    "console:task:ended",
    Outcome.DONE,
    clause="A9.4",
    label=_("Task that was started by hand is done"),
)
class TaskEnded(Event):
    """A task that somebody had started came to its end."""

    resource: str
    result: Mapping[str, object]


@event(
    "console:task:failed",
    Outcome.FAILED,
    Severity.WARNING,
    clause="A9.4",
    label=_("Task that was started by hand failed"),
)
class TaskFailed(Event):
    """A task that somebody had started was not done, or not to its end."""

    resource: str
    reason: str


@event(
    "console:search:kept",
    Outcome.DONE,
    clause="A5.10",
    label=_("Search kept"),
)
class SearchKept(Event):
    """An auditor keeps the conditions of a search under a name."""

    resource: str
    conditions: str


@event(
    "console:search:dropped",
    Outcome.DONE,
    clause="A5.10",
    label=_("Kept search dropped"),
)
class SearchDropped(Event):
    """An auditor no longer keeps a search."""

    resource: str
