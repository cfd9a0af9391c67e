"""What the search for plaintext secrets finds: a place and a name, never a value."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Where a secret stands in clear, or what kind it is."""

    SETTINGS = "settings"
    CONFIGURATION = "configuration"
    CODE = "code"
    KEY = "key"


class Finding(NamedTuple):
    """
    One secret in clear.

    Args:
        kind: decides which check reports it.
        path: relative to the project, or "settings".
        line: in that file, 0 where there is none.
        name: of the variable, key or argument; "URL", "private key" or "token".
    """

    kind: Kind
    path: str
    line: int
    name: str

    @property
    def label(self) -> str:
        """Return what JTSEC_SECRETS_REVIEWED calls it; a moved line is the same."""
        return f"{self.path}:{self.name}"

    @property
    def place(self) -> str:
        """Return where an editor opens it."""
        return f"{self.path}:{self.line}" if self.line else self.path
