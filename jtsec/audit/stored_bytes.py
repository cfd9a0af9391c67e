"""Columns of bytes as a database gives them, whatever somebody has put in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class StoredBytes(models.BinaryField):  # type: ignore[type-arg]  # takes none at run time
    """
    Is `BinaryField` to migrations and in every database but SQLite.

    SQLite keeps in a column what was put in, also a number or a text. A number of ten
    digits, made into bytes, would take all memory; a text would end a verification
    without a verdict. Neither is what was written, and nor is what they become here.
    """

    def get_db_converters(
        self, connection: BaseDatabaseWrapper
    ) -> list[Callable[..., Any]]:
        """Return what makes nothing of a value that is no bytes."""
        return [_bytes_alone] if connection.vendor == "sqlite" else []

    def deconstruct(self) -> Any:
        """Return the field as migrations know it."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


def _bytes_alone(value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
    return value if value is None or isinstance(value, bytes | memoryview) else b""
