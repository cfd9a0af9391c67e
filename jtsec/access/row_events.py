"""What is written down about rows: asked for without bounds, or out of reach."""

from __future__ import annotations

from typing import Any

from jtsec.audit.api import record

from .events import RowRefused, RowsUnscoped
from .unscoped import is_demanded

LENGTH = 200


def note_unscoped(resource: str, reason: str) -> None:
    """
    Write down that a page asks for all rows of a model, and why.

    Outside of a request nobody has to say so, and nothing is written.

    Raises:
        ValueError: there is no reason.
        AuditUnavailable: it could not be written; the rows must not come out.
    """
    if not reason.strip():
        raise ValueError("say why all rows are needed; it is written to the audit")
    if is_demanded():
        record(RowsUnscoped(resource=resource, reason=reason.strip()[:LENGTH]))


def note_attempt(row: Any, right: str, reason: str) -> None:
    """Write down that somebody asked for a row out of their reach (A4.1, A4.14)."""
    resource = f"{row._meta.label_lower}:{row.pk}"
    record(RowRefused(resource=resource, right=right, reason=reason))
