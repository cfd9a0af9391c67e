"""What the audit recorded in a test, as the test wants to read it."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.audit.events import Event, declared_events
from jtsec.audit.models import AuditRecord

from .identities import ACTOR


class Recording:
    """
    The events since it was made, oldest first; the people a run makes up left out.

        assert "authentication:login:refused" in jt_audit.codes
        assert jt_audit.of(PermitGranted)[0].resource == "permits.permit:7"
    """

    def __init__(self) -> None:
        last = AuditRecord.objects.order_by("-pk").values_list("pk", flat=True).first()
        self._after = last or 0

    def __iter__(self) -> Iterator[AuditRecord]:
        rows = AuditRecord.objects.filter(pk__gt=self._after)
        return iter(rows.exclude(actor_username=ACTOR).order_by("pk"))

    @property
    def codes(self) -> list[str]:
        """Return the codes of all events."""
        return [row.code for row in self]

    def of(self, event: type[Event] | str) -> list[AuditRecord]:
        """Return the events of a class, or of a code."""
        wanted = event if isinstance(event, str) else _code_of(event)
        return [row for row in self if row.code == wanted]


def _code_of(event: type[Event]) -> str:
    return next(code for code, one in declared_events().items() if one is event)
