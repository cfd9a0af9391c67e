"""
How the value of a model's field stands in an event.

A value is shown as its field means it: a foreign key as "app.model:5", a file by its
name, JSON as its text. Bytes are shown by their digest. A password is not shown at
all, not even hashed: the log is read by more people than the users' table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from jtsec.audit.payload import plain, text
from jtsec.crypto import sm3
from jtsec.fields import EncryptedField
from jtsec.fields.index_field import BlindIndexField

HIDDEN: Final = "***"
PASSWORD: Final = "password"
SIMPLE: Final = frozenset({str, int, bool, type(None)})
"""Kinds whose values differ where they are not equal."""

Show = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """
    One recorded column.

    Args:
        field: the field.
        name: the field's name, as it stands in the event.
        attname: the name of its value on an instance.
        is_sensitive: whether its values are encrypted in the event.
        show: gives a value as it stands in the event.
    """

    field: Any
    name: str
    attname: str
    is_sensitive: bool
    show: Show

    def meant(self, value: Any) -> Any:
        """
        Return a value as the field means it: "5" given to an integer field is 5.

        What the field cannot read is returned as it is; the database will say more.
        """
        if value is None:
            return None
        if isinstance(value, models.Model):
            value = value.pk
        try:
            return self.field.to_python(value)
        except (ValidationError, TypeError, ValueError):
            return value

    def is_changed(self, before: Any, after: Any) -> bool:
        """Answer whether two values differ, as the field means and as it shows them."""
        if before is after or before == after:
            return False
        if type(before) in SIMPLE and type(after) in SIMPLE:
            return True
        # 1.50 is 1.5, and a file is its name.
        return bool(_uncut(before) != _uncut(after))


def columns_of(
    model: type[models.Model],
    fields: Iterable[str] | None,
    exclude: Iterable[str],
    sensitive: Iterable[str],
) -> tuple[Column, ...]:
    """
    Return the recorded columns of a model's own table.

    Args:
        model: the model; columns of a parent's table are recorded with the parent.
        fields: the names of those wanted, None for all.
        exclude: the names of those left out.
        sensitive: the names of those encrypted in the event.
    """
    wanted = None if fields is None else set(fields)
    left_out, hidden = set(exclude), set(sensitive)
    local: list[Any] = list(model._meta.local_concrete_fields)
    return tuple(
        column_of(field, is_sensitive=field.name in hidden)
        for field in local
        # An index of an encrypted text would show which rows hold the same text.
        if not isinstance(field, BlindIndexField)
        and (wanted is None or field.name in wanted)
        and field.name not in left_out
    )


def column_of(field: Any, *, is_sensitive: bool = False) -> Column:
    """Return a field as a recorded column; an encrypted one is sensitive anyway."""
    sealed = is_sensitive or isinstance(field, EncryptedField)
    return Column(field, field.name, field.attname, sealed, _show_of(field))


def _show_of(field: Any) -> Show:
    if field.name == PASSWORD:
        return _hide
    related = field.remote_field.model if field.remote_field else None
    if related is not None and not isinstance(related, str):
        return _reference_to(related._meta.label_lower)
    if isinstance(field, models.JSONField):
        return _json
    return shown_plainly


def _hide(value: Any) -> Any:
    return HIDDEN


def _reference_to(label: str) -> Show:
    def show(value: Any) -> Any:
        return None if value is None else f"{label}:{value}"

    return show


def _json(value: Any) -> Any:
    return None if value is None else text(_json_of(value))


def shown_plainly(value: Any) -> Any:
    """Return a value as it stands in an event, in its final form."""
    kind = type(value)
    if kind is int or kind is bool or value is None:
        return value
    return plain(_uncut(value))


def _uncut(value: Any) -> Any:
    """Return a value in a form that an event can hold, however long."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case datetime() | date() | time() | Decimal() | UUID() | float():
            return value
        case bytes() | bytearray() | memoryview():
            data = bytes(value)
            return f"sm3:{sm3.hexdigest(data)} ({len(data)} bytes)"
        case list() | tuple() | dict():
            return _json_of(value)
    return str(value)


def _json_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
