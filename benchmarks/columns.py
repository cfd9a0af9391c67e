"""Tables that differ only in how two of their columns are kept."""

from __future__ import annotations

import gc
import time
from typing import Any

from django.db import connection, models

from benchmarks import blueking
from benchmarks.bare_sm4 import Values
from jtsec.fields import EncryptedCharField

PLAIN = "plain CharField"
FLOOR = "plain CharField, and the provider's bare call for each value"
BOUND_TO = b"\xb1\x01\x07field-1benchmarks.kept1."
"""What the values of an encrypted column are bound to, before the column's name."""

LENGTH = 40


def peer_fields() -> dict[str, Any]:
    """Return a field of each other package that is installed."""
    fields: dict[str, Any] = {}
    try:
        from encrypted_fields.fields import EncryptedCharField as Fernet
    except ImportError:
        pass
    else:
        fields["django-fernet-encrypted-fields"] = Fernet(max_length=200)
    fields |= blueking.fields()
    try:
        from django_cryptography.fields import encrypt
    except ImportError:
        pass
    else:
        fields["django-cryptography-5"] = encrypt(models.CharField(max_length=200))
    return fields


def fields() -> dict[str, tuple[Any, Any]]:
    """Return the two columns of each table."""
    found: dict[str, tuple[Any, Any]] = {
        PLAIN: (
            models.CharField(max_length=LENGTH),
            models.CharField(max_length=LENGTH),
        ),
        "EncryptedCharField": (
            EncryptedCharField(max_length=LENGTH),
            EncryptedCharField(max_length=LENGTH),
        ),
        "EncryptedCharField, both searchable": (
            EncryptedCharField(max_length=LENGTH, searchable=True),
            EncryptedCharField(max_length=LENGTH, searchable=True),
        ),
    }
    for name, field in peer_fields().items():
        found[name] = (field, peer_fields()[name])
    return found


def model_with(name: str, id_number: Any, phone: Any = None) -> Any:
    """Return a model with a name and these columns."""
    body = {
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "benchmarks"}),
        "name": models.CharField(max_length=LENGTH),
        "id_number": id_number,
    }
    if phone is not None:
        body["phone"] = phone
    return type(name, (models.Model,), body)


class Tables:
    """The tables, made when this is."""

    def __init__(self) -> None:
        self._models: dict[str, Any] = {
            name: model_with(f"Kept{number}", *columns)
            for number, (name, columns) in enumerate(fields().items())
        }
        self._bare = Values()
        with connection.schema_editor() as editor:
            for model in self._models.values():
                editor.create_model(model)

    def names(self) -> list[str]:
        """Return what there is to compare, the plain one first."""
        plain, *others = self._models
        return [plain, FLOOR, *others]

    def create(self, name: str, number: int) -> float:
        """Empty a table, fill it with so many rows; return the milliseconds."""
        model = self._models[PLAIN if name == FLOOR else name]
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model._meta.db_table}")
        gc.collect()
        begin = time.perf_counter()
        rows = [
            model(name=f"n{one}", id_number=f"1101011990{one:08}", phone=f"139{one:08}")
            for one in range(number)
        ]
        model._base_manager.bulk_create(rows, batch_size=1000)
        if name == FLOOR:
            self._bare.seal(
                [
                    (getattr(row, column), BOUND_TO + column.encode())
                    for row in rows
                    for column in ("id_number", "phone")
                ]
            )
        return (time.perf_counter() - begin) * 1e3

    def load(self, name: str, number: int) -> tuple[float, float]:
        """Read every row; return the milliseconds: on the clock, of the processor."""
        model = self._models[PLAIN if name == FLOOR else name]
        gc.collect()
        wall, processor = time.perf_counter(), time.thread_time()
        rows = list(model._base_manager.all())
        if name == FLOOR:
            self._bare.open()
        taken = time.perf_counter() - wall, time.thread_time() - processor
        assert len(rows) == number
        wanted = {f"1101011990{number - 1:08}"}
        assert {row.id_number for row in rows} >= wanted
        return taken[0] * 1e3, taken[1] * 1e3
