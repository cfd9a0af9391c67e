"""Fills the index of rows that were there before a column became searchable."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models, transaction

from .encrypted import EncryptedField

BATCH = 500


def fill_index(model: type[models.Model], name: str, using: str = "default") -> int:
    """
    Compute the missing blind indexes of a field, and of its ends.

    For a `RunPython` in a migration; run again, it goes on with what is left.

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
    companions = field.companions if isinstance(field, EncryptedField) else ()
    if not companions:
        raise TypeError(f"{name} is not a searchable encrypted field")
    empty = [models.Q(**{f"{one.name}__isnull": True}) for one in companions]
    waiting = model._base_manager.using(using).filter(
        reduce(or_, empty), **{f"{name}__isnull": False}
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
