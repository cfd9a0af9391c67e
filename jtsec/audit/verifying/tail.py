"""The end of the log: rows that wait for their seal, and gaps that may still fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from jtsec.audit.models import AuditRecord
from jtsec.audit.sealing.api import MalformedBody, checkpoint_of
from jtsec.audit.sealing.lag import oldest_of
from jtsec.audit.sealing.models import AuditSealer
from jtsec.audit.sealing.standing import open_gaps
from jtsec.core.clock import now, shown

from .chain import Link
from .conf import verifying_settings
from .examining import fault_finding
from .finding import Finding, Findings, Kind
from .rows import Examiner
from .strays import Stray


@dataclass(frozen=True)
class Tail:
    """
    Looks at what no checkpoint names.

    Args:
        using: the alias of the database.
        examiner: looks at rows by themselves; None where only seals are verified.
        findings: takes what is found.
    """

    using: str
    examiner: Examiner | None
    findings: Findings

    def unsealed(self, end: Link) -> int:
        """Return how many rows lie behind the last checkpoint; look at each."""
        rows = AuditRecord.objects.using(self.using).filter(pk__gt=end.last)
        highest = rows.aggregate(highest=Max("pk"))["highest"]
        oldest = oldest_of(rows.filter(pk__lte=highest or 0))
        if highest is None or oldest is None:
            return 0
        count = rows.filter(pk__lte=highest).count()
        self._examine(end.last + 1, highest)
        present = now().timestamp()
        limit = present - verifying_settings().unsealed_seconds
        # What a transaction has held for long is old when it is first seen; it is the
        # sealing that must have had no time since. A checkpoint of a time to come was
        # made by a clock that has been set back, and tells nothing of that.
        is_sealing = bool(end.at) and limit < _seconds(end.at) <= present
        if oldest.timestamp() < limit and not is_sealing:
            text = _(
                "%(count)d records behind checkpoint %(number)d have waited for their "
                "seal since %(time)s; until then their removal could not be proved."
            )
            values = {"count": count, "number": end.number, "time": shown(oldest)}
            first = rows.order_by("pk").values_list("pk", flat=True).first()
            self.findings.add(
                Finding(Kind.UNSEALED_TOO_OLD, text % values, end.number or None, first)
            )
        return count

    def strays(self, waiting: Mapping[int, Stray], sealed_to: int | None) -> int:
        """
        Judge rows that stand in gaps and that no checkpoint has taken.

        Args:
            waiting: the rows.
            sealed_to: the last checkpoint that was verified.

        Returns:
            How many of them may still be sealed.
        """
        count = 0
        for record_id, stray in sorted(waiting.items()):
            if stray.checkpoint is not None and self._may_come(record_id, sealed_to):
                count += 1
                self._examine(record_id, record_id)
            else:
                self.findings.add(_added(record_id, stray))
        return count

    def _may_come(self, record_id: int, sealed_to: int | None) -> bool:
        """Answer whether a row is, or may yet be, sealed by a newer checkpoint."""
        return (
            self._is_sealed_since(record_id, sealed_to)
            or self._is_in_open_gap(record_id)
            # Between the two looks a sealer may have taken it.
            or self._is_sealed_since(record_id, sealed_to)
        )

    def _is_sealed_since(self, record_id: int, sealed_to: int | None) -> bool:
        try:
            found = checkpoint_of(record_id)
        except MalformedBody:
            return False
        return found is not None and (sealed_to is None or found.number > sealed_to)

    def _is_in_open_gap(self, record_id: int) -> bool:
        for state in AuditSealer.objects.using(self.using).values_list("state"):
            if any(one.low <= record_id <= one.high for one in open_gaps(state[0])):
                return True
        return False

    def _examine(self, low: int, high: int) -> None:
        if self.examiner is None:
            return
        for piece in self.examiner.read(self.using, low, high):
            for record_id, fault in piece.faults.items():
                self.findings.add(fault_finding(record_id, fault))


def _added(record_id: int, stray: Stray) -> Finding:
    if stray.checkpoint is None:
        text = _("Record %(record)d stands where no number was ever given out.")
        return Finding(Kind.ADDED, text % {"record": record_id}, None, record_id)
    text = _(
        "Record %(record)d was added: checkpoint %(number)d has passed over its "
        "number, and nobody could be writing it any more."
    )
    values = {"record": record_id, "number": stray.checkpoint}
    return Finding(Kind.ADDED, text % values, stray.checkpoint, record_id)


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
