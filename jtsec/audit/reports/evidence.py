"""What the reports can prove: which there are, and when one was last made."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from jtsec.audit.models import AuditRecord
from jtsec.core.evidence import Fact

from .api import FORMS, KINDS
from .checks import check_libraries
from .events import ReportMade


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    yield Fact(
        "A5.10",
        "Reports and the forms in which they can be written",
        not check_libraries(None),
        {"kinds": list(KINDS), "forms": list(FORMS)},
    )
    for clause, kind in (("P43", "monthly"), ("P47", "security")):
        yield _last(clause, kind)


def _last(clause: str, kind: str) -> Fact:
    statement = f"When the report {kind!r} was last made"
    made = AuditRecord.objects.filter(
        code=ReportMade.declaration.code, resource=f"report:{kind}"
    )
    try:
        last = made.order_by("-at", "-id").values_list("at", flat=True).first()
    except DatabaseError as error:
        return Fact(clause, statement, None, str(error))
    return Fact(clause, statement, last is not None, last and last.isoformat())
