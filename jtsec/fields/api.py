"""
The verbs of sealed rows.

    apply_seal(row)
    row.save()
    …
    check_seal(row)
"""

from __future__ import annotations

from .exceptions import FieldAltered
from .row_seal import RowSealBroken, apply_seal, check_seal

__all__ = ["FieldAltered", "RowSealBroken", "apply_seal", "check_seal"]
