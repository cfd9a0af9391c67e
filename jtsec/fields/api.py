"""
The verbs of sealed rows.

    apply_seal(row)
    row.save()
    …
    check_seal(row)
"""

from __future__ import annotations

from .row_seal import RowSealBroken, apply_seal, check_seal

__all__ = ["RowSealBroken", "apply_seal", "check_seal"]
