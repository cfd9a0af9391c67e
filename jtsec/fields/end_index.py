"""
The companion columns of the first or last characters, for prefix and suffix search.

Each holds the blind index of so many characters of a value, under a label of its own:
"app.model.field[:3]" or "app.model.field[-4:]". A search gives exactly so many, and is
an equality. Values that are shorter share the index of no character, so that they are
told from no value at all, and are found by nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldError
from django.db.models.lookups import In

from .blind_index import BlindIndex, index_of, indexes_of
from .end_names import label_of, name_of
from .index_field import BlindIndexField
from .lookups import column_of
from .sealing import to_bytes


class EndIndexField(BlindIndexField):
    """
    Holds the blind index of an end of another column; made by it, never by hand.

    Args:
        of: the name of the encrypted field.
        take: how many characters: of the beginning, or, negative, of the end.
    """

    def __init__(self, *args: Any, of: str, take: int, **kwargs: Any) -> None:
        self.take = take
        super().__init__(*args, of=of, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        path = path.replace("jtsec.fields.end_index.", "jtsec.fields.", 1)
        return name, path, args, {**kwargs, "take": self.take}

    def index_of(self, value: Any) -> BlindIndex | None:
        """Return the index of an end of a prepared value under the active key."""
        if value is None:
            return None
        field: Any = self.encrypted
        text = field.compared(field.as_stored(value))
        return index_of(
            label_of(field.label, self.take), _end_of(field.label, text, self.take)
        )


def _end_of(label: str, text: str, take: int) -> bytes:
    if len(text) < abs(take):
        return b""
    return to_bytes(label, text[:take] if take > 0 else text[take:])


class SealedStart(In):
    """Finds what begins with so many characters, through their companion column."""

    sign = 1
    words = "first"

    def __init__(self, lhs: Any, rhs: Any) -> None:
        field: Any = column_of(lhs)
        if not isinstance(rhs, str):
            raise FieldError(f"{field.label} is compared with text only.")
        text = field.compared(rhs)
        take = len(text) * self.sign
        if take not in field.ends:
            raise FieldError(
                f"{field.label} is found by its {self.words} "
                f"{_listed(field.ends, self.sign)} characters, not by {len(text)}."
            )
        data = to_bytes(field.label, text)
        found = indexes_of(label_of(field.label, take), data)
        companion: Any = field.model._meta.get_field(name_of(field.name, take))
        super().__init__(companion.get_col(lhs.alias), found)


class SealedEnd(SealedStart):
    """Finds what ends with so many characters."""

    sign = -1
    words = "last"


def _listed(ends: Sequence[int], sign: int) -> str:
    return " or ".join(str(one * sign) for one in ends if one * sign > 0)
