"""What a record may not be bound to, and what cannot be a part of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from jtsec.fields.encrypted import EncryptedField

Finding = tuple[str, str]


def wrong_of(field: Any) -> Iterator[Finding]:
    """Yield what is wrong with a declaration, each with a hint."""
    yield from _of_row(field)
    taken = {one.name for one in field.model._meta.get_fields()}
    for name, part in field.parts.items():
        if name in taken or not _can_be_part(part):
            yield (
                _("%(part)s cannot be a part of a record.") % {"part": name},
                _("Parts are plain fields with names of their own, not indexed."),
            )


def _of_row(field: Any) -> Iterator[Finding]:
    try:
        row: Any = field.model._meta.get_field(field.row_field)
    except FieldDoesNotExist:
        row = None
    if (
        row is None
        or row.null
        or not row.unique
        or isinstance(row, models.AutoField | EncryptedField)
    ):
        yield (
            _("bound_to must name a unique field that is known before saving."),
            "uid = models.UUIDField(unique=True, default=uuid.uuid4)",
        )


def _can_be_part(part: Any) -> bool:
    kinds = (EncryptedField, models.FileField)
    return not (
        part.is_relation or part.unique or part.db_index or isinstance(part, kinds)
    )
