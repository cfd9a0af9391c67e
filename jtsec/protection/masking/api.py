"""
The verbs of masked values (clause T7.2).

    shown(permit, request.user)                 a row as a page may tell it
    in_clear(request, permit, "owner_phone")    a right, rate-limited, each recorded

The declaration is `MASKING` of a `MaskedModel`; see `declaration`.
"""

from __future__ import annotations

from jtsec.core.masking import KINDS, MaskedText, mask
from jtsec.core.scrubbing import remember, scrub

from .clear_judge import set_clear_judge
from .clear_view import in_clear
from .declaration import Masking, masking_of
from .exports import export
from .log_records import MaskingFilter
from .shown import Shown, is_shown, row_of, shown, shown_rows

__all__ = [
    "KINDS",
    "MaskedText",
    "Masking",
    "MaskingFilter",
    "Shown",
    "export",
    "in_clear",
    "is_shown",
    "mask",
    "masking_of",
    "remember",
    "row_of",
    "scrub",
    "set_clear_judge",
    "shown",
    "shown_rows",
]
