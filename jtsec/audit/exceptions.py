"""
What can go wrong with the audit.

    JtsecError
    ├── CannotVerify
    │   └── AuditUnavailable    an event could not be written; the request fails
    ├── VerifiedFalse
    │   └── RecordAltered       a row is not what was written; names the columns
    └── Refused
        └── AppendOnly          somebody tried to change or remove a record
"""

from __future__ import annotations

from jtsec.core.exceptions import CannotVerify, Refused, VerifiedFalse


class AuditUnavailable(CannotVerify):
    """Says that an event could not be made durable, so nothing may go on (A5.1)."""


class RecordAltered(VerifiedFalse):
    """
    Says that a row of the audit is not what was written (A5.8).

    Args:
        record: the row's id.
        columns: what differs; ("payload",) when the MAC does not fit.
    """

    def __init__(self, record: object, columns: tuple[str, ...]) -> None:
        super().__init__(f"audit record {record}: altered: {', '.join(columns)}")
        self.record = record
        self.columns = columns


class AppendOnly(Refused):
    """Says that records of the audit are neither changed nor removed (A5.8)."""

    def __init__(self, operation: str) -> None:
        super().__init__(
            "audit-append-only", f"The audit is append-only; {operation} is refused."
        )
