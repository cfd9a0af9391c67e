"""
What goes wrong with sealed data.

    JtsecError
    ├── VerifiedFalse
    │   ├── fields.RowSealBroken
    │   │   └── RowAltered          a row is not what was sealed
    │   └── TableAltered            rows were added, removed or put back
    ├── CannotVerify
    │   ├── RowUnverifiable         the key, or the list of fields, is missing
    │   └── RootMissing             a table with rows that was never opened
    └── Refused
        └── SealedWriteRefused      a way to write that leaves no seal

Messages name the row; never a value.
"""

from __future__ import annotations

from jtsec.core.exceptions import CannotVerify, Refused, VerifiedFalse
from jtsec.fields.api import RowSealBroken


class RowAltered(RowSealBroken):
    """
    Says that a row was changed behind the application (A6.2).

    Args:
        resource: the row, "app.model:pk".
    """

    def __init__(self, resource: str) -> None:
        super().__init__(f"{resource} is not what was sealed")
        self.resource = resource


class RowUnverifiable(CannotVerify):
    """
    Says that nothing can be said of a row's seal.

    Args:
        resource: the row, "app.model:pk".
        why: what is missing.
    """

    def __init__(self, resource: str, why: str) -> None:
        super().__init__(f"{resource} cannot be verified: {why}")
        self.resource = resource
        self.why = why


class TableAltered(VerifiedFalse):
    """
    Says that rows of a table were added, removed or put back behind the application.

    Args:
        resource: the table, "app.model".
        why: what was found.
    """

    def __init__(self, resource: str, why: str) -> None:
        super().__init__(f"{resource}: {why}")
        self.resource = resource
        self.why = why


class RootMissing(CannotVerify):
    """
    Says that a table has rows, and nothing that tells which rows it should have.

    Args:
        resource: the table, "app.model".
    """

    def __init__(self, resource: str) -> None:
        super().__init__(
            f"{resource} has rows and no table root; seal what is there with the "
            "migration operation SealExisting"
        )
        self.resource = resource


class SealedWriteRefused(Refused):
    """
    Says that a way to write is closed to sealed rows, for it would leave no seal.

    Args:
        reason: a stable code.
        resource: the table, "app.model".
        why: what to do instead.
    """

    def __init__(self, reason: str, resource: str, why: str) -> None:
        super().__init__(reason, f"{resource}: {why}")
        self.resource = resource
