"""The work that goes on behind the pages: what ran when, and what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.approvals.models import OPEN, ApprovalRequest
from jtsec.audit.alarms.api import figures
from jtsec.audit.archive.models import AuditSegment
from jtsec.audit.export.api import standing
from jtsec.audit.export.conf import export_settings
from jtsec.audit.rules import api as rules
from jtsec.audit.rules.models import RuleCursor
from jtsec.audit.sealing.api import lag, last_checkpoint
from jtsec.audit.sealing.conf import sealing_settings
from jtsec.core.clock import now

StrOrPromise = str | Promise


class Tone(StrEnum):
    """How a task stands."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Task:
    """
    One task of the background.

    Args:
        name: what people call it.
        command: what does it on the server.
        clause: which clause needs it.
        last: when it ran last, None where nothing tells.
        result: how it stands, in words.
        tone: the same, as a mark.
        code: by which the console starts it, "" where only the server does.
    """

    name: StrOrPromise
    command: str
    clause: str
    last: datetime | None
    result: str
    tone: Tone
    code: str = ""


def tasks() -> list[Task]:
    """Return every task, in the order in which events pass through them."""
    return list(_tasks())


def _tasks() -> Iterator[Task]:
    yield _sealing()
    yield _watching()
    yield _alarming()
    if export_settings().url:
        yield _exporting()
    yield _archiving()
    yield _expiring()


def _sealing() -> Task:
    last = last_checkpoint()
    try:
        waiting = lag()
    except DatabaseError:
        said, tone = _("It cannot be told."), Tone.BAD
    else:
        is_late = waiting.seconds > sealing_settings().lag_seconds
        tone = Tone.BAD if is_late else Tone.GOOD
        said = _("%(rows)d events wait for their seal") % {"rows": waiting.rows}
    return Task(
        gettext_lazy("Seal the audit log"),
        "jtsec_audit_seal --loop",
        "A5.8",
        last.at if last else None,
        said,
        tone,
        code="seal",
    )


def _watching() -> Task:
    cursor = RuleCursor.objects.first()
    behind = rules.lag()
    return Task(
        gettext_lazy("Watch for alarms"),
        "jtsec_audit_watch",
        "A5.7",
        cursor.seen_at if cursor else None,
        _("%(count)d sealed portions not looked at") % {"count": behind},
        Tone.WARN if behind > 10 else Tone.GOOD,
        code="watch",
    )


def _alarming() -> Task:
    found = figures()
    said = _("%(lost)d messages given up, %(delayed)d tried again") % {
        "lost": found.lost,
        "delayed": found.delayed,
    }
    tone = Tone.BAD if found.lost else Tone.WARN if found.delayed else Tone.GOOD
    return Task(
        gettext_lazy("Deliver alarms"),
        "jtsec_alarms",
        "P61",
        None,
        said,
        tone,
        code="deliver",
    )


def _exporting() -> Task:
    found = standing()
    said = _("%(waiting)d batches wait, %(refused)d refused") % {
        "waiting": found.waiting,
        "refused": found.refused,
    }
    bad = found.refused or found.down_since is not None
    return Task(
        gettext_lazy("Hand events over to the audit platform"),
        "jtsec_audit_export --loop",
        "A5.11",
        found.last_attempt,
        said,
        Tone.BAD if bad else Tone.GOOD,
    )


def _archiving() -> Task:
    newest = AuditSegment.objects.order_by("-first_checkpoint").first()
    count = AuditSegment.objects.count()
    return Task(
        gettext_lazy("Archive the audit log"),
        "jtsec_audit_archive",
        "A5.9",
        newest.made_at if newest else None,
        _("%(count)d segments archived") % {"count": count},
        Tone.GOOD,
    )


def _expiring() -> Task:
    late = ApprovalRequest.objects.filter(state__in=OPEN, deadline__lte=now()).count()
    return Task(
        gettext_lazy("Close overdue applications"),
        "jtsec_approvals",
        "A4.4",
        None,
        _("%(count)d applications overdue") % {"count": late},
        Tone.WARN if late else Tone.GOOD,
        code="expire",
    )
