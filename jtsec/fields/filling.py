"""Fills the index of rows that were there before a column became searchable."""

from __future__ import annotations

from django.db import models, transaction

from .encrypted import EncryptedField

BATCH = 500


def fill_index(model: type[models.Model], name: str, using: str = "default") -> int:
    """
    Compute the missing blind indexes of a field; for a `RunPython` in a migration.

    Args:
        model: the model, historical or not.
        name: the encrypted field.
        using: the alias of the database.

    Returns:
        How many rows got one.

    Raises:
        FieldAltered, FieldUnreadable: a stored value cannot be read; the rows before
            it keep their index, and a second run goes on.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, EncryptedField) or not field.searchable:
        raise TypeError(f"{name} is not a searchable encrypted field")
    waiting = model._base_manager.using(using).filter(
        **{f"{field.index_name}__isnull": True, f"{name}__isnull": False}
    )
    filled = 0
    while True:
        with transaction.atomic(using=using):
            rows = list(waiting.select_for_update().only("pk", name)[:BATCH])
            for row in rows:
                same = model._base_manager.using(using).filter(pk=row.pk)
                same.update(**{name: getattr(row, name)})
        filled += len(rows)
        if len(rows) < BATCH:
            return filled
