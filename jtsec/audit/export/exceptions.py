"""
What can go wrong with the export.

    JtsecError
    ├── ConfigurationError
    │   └── ExportNotConfigured     the sender lacks its address, identifier or secret
    ├── CannotVerify
    │   └── RowsNotThere            a checkpoint's rows left for an archive too early
    └── ExportFailed                a file could not be written; nothing is left half
"""

from __future__ import annotations

from jtsec.core.exceptions import CannotVerify, ConfigurationError, JtsecError


class ExportNotConfigured(ConfigurationError):
    """Says that nothing can be sent as things are set."""


class RowsNotThere(CannotVerify):
    """
    Says that rows of a checkpoint are not in the table; going on would lose them.

    Args:
        number: the checkpoint.
        found: how many of its rows are there.
        wanted: how many it seals.
    """

    def __init__(self, number: int, found: int, wanted: int) -> None:
        super().__init__(
            f"checkpoint {number} seals {wanted} rows and {found} are in the table; "
            "restore them from their archive, then export again"
        )
        self.number = number


class ExportFailed(JtsecError):
    """Says that a file could not be written; what was exported before is whole."""
