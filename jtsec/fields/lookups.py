"""Equality on encrypted columns, carried by the blind index; nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db.models.expressions import Col
from django.db.models.lookups import In

from .blind_index import indexes_of

if TYPE_CHECKING:
    from .columns import EncryptedColumn


class SealedIn(In):
    """Finds the values of a list through the companion column."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs is None:
            # Django asks for isnull next; the object only has to say so.
            self.lhs, self.rhs, self.bilateral_transforms = lhs, None, []
            return
        field = _field_of(lhs)
        if hasattr(rhs, "resolve_expression") or isinstance(rhs, str | bytes):
            raise FieldError(f"{field.label} is compared with values only.")
        found: list[Any] = []
        for value in rhs:
            prepared = field.get_prep_value(value)
            if prepared is not None:
                found += indexes_of(field.label, field.index_data(prepared))
        super().__init__(field.index_field.get_col(lhs.alias), found)


class SealedExact(SealedIn):
    """Finds one value through the companion column."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if hasattr(rhs, "resolve_expression"):
            raise FieldError(f"{_field_of(lhs).label} is compared with values only.")
        super().__init__(lhs, None if rhs is None else [rhs])


def column_of(lhs: Any) -> EncryptedColumn:
    """Return the column a lookup stands behind; refuse one that is computed with."""
    found: Any = lhs.output_field
    field: EncryptedColumn = found
    if not isinstance(lhs, Col) or lhs.target is not found:
        raise FieldError(f"{field.label} is compared as it is, not computed with.")
    return field


def _field_of(lhs: Any) -> EncryptedColumn:
    field = column_of(lhs)
    if not field.searchable:
        hint = "; declare it with searchable=True" if field.has_equality else ""
        raise FieldError(f"{field.label} is encrypted and cannot be searched{hint}.")
    return field
