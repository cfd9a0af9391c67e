"""How the export stands: what waits, what was refused, and the way back for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.audit.sealing.api import last_checkpoint
from jtsec.core.exceptions import InputError

from .events import BatchRetried
from .models import AuditExportBatch, BatchState
from .spool import alias, cursor


@dataclass(frozen=True)
class Standing:
    """
    Figures of the export.

    Args:
        packed: number of the last checkpoint that is in batches.
        sealed: number of the last checkpoint there is.
        waiting, accepted, refused: batches.
        oldest: when the oldest waiting batch was made.
        down_since: since when nobody answers, None while somebody does.
        next_try_at: when the next attempt is made.
    """

    packed: int
    sealed: int
    waiting: int
    accepted: int
    refused: int
    oldest: datetime | None
    last_attempt: datetime | None
    down_since: datetime | None
    next_try_at: datetime | None


def standing() -> Standing:
    """Return how the export stands now."""
    state = cursor()
    batches = AuditExportBatch.objects.using(alias())
    counted = dict(batches.values_list("state").annotate(Count("pk")))
    waiting = batches.filter(state=BatchState.WAITING)
    last = last_checkpoint()
    return Standing(
        packed=state.checkpoint,
        sealed=0 if last is None else last.number,
        waiting=counted.get(BatchState.WAITING, 0),
        accepted=counted.get(BatchState.ACCEPTED, 0),
        refused=counted.get(BatchState.REFUSED, 0),
        oldest=waiting.aggregate(Min("made_at"))["made_at__min"],
        last_attempt=batches.aggregate(Max("tried_at"))["tried_at__max"],
        down_since=state.down_since,
        next_try_at=state.next_try_at,
    )


def refused_batches() -> list[AuditExportBatch]:
    """Return the refused batches, without their content, the oldest first."""
    refused = AuditExportBatch.objects.using(alias()).filter(state=BatchState.REFUSED)
    return list(refused.defer("content").order_by("pk"))


def retry(send_id: str, *, reason: str) -> None:
    """
    Put a refused batch back among those that are sent.

    Args:
        send_id: its number.
        reason: why it will be accepted now, for the audit.

    Raises:
        InputError: no refused batch has that number.
    """
    with transaction.atomic(using=alias()):
        found = AuditExportBatch.objects.using(alias()).filter(
            send_id=send_id, state=BatchState.REFUSED
        )
        if not found.update(state=BatchState.WAITING):
            text = _("No refused batch has the number %(id)s.") % {"id": send_id}
            raise InputError(text, field="retry", code="unknown-batch")
        record(BatchRetried(resource=f"export:{send_id}", reason=reason))
