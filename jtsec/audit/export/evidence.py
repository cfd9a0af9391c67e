"""What the export can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import JtsecError

from .conf import export_settings
from .standing import standing


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    settings = export_settings()
    for clause in ("A5.11", "T9.1"):
        yield Fact(
            clause,
            "Forms of the police application log that events export to",
            True,
            ["v1 (XML, GBK)", "v2 (JSON)"],
        )
    if not (settings.url or settings.sender):
        return
    statement = "Batches handed over to the audit platform, none refused"
    try:
        found = standing()
    except (DatabaseError, JtsecError) as error:
        yield Fact("A5.11", statement, None, str(error))
        return
    value = {
        "accepted": found.accepted,
        "waiting": found.waiting,
        "refused": found.refused,
    }
    yield Fact("A5.11", statement, not found.refused, value)
