"""Rows with encrypted columns, and the keys they are under."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection

from jtsec.crypto import envelope
from jtsec.keys.api import Purpose
from jtsec.rotation import api
from tests.plainapp.models import Dossier, Driver


def drivers(number: int, first: int = 0) -> list[Driver]:
    """Store drivers with a number that is unique and a phone that some share."""
    return [
        Driver.objects.create(
            name=f"d{one}",
            phone=f"138{one % 7:08}",
            address=f"Road {one}",
            number=f"N{one}",
        )
        for one in range(first, first + number)
    ]


def dossier() -> Dossier:
    """Store one value of every kind."""
    from datetime import UTC, date, datetime
    from decimal import Decimal

    return Dossier.objects.create(
        text="文" * 50,
        number=-7,
        amount=Decimal("1.50"),
        born=date(1969, 7, 20),
        seen=datetime(2026, 1, 1, 8, tzinfo=UTC),
        facts={"a": [1, None]},
        scan=b"\x00\xff" * 100,
    )


def key_ids(model: Any, name: str) -> Counter[str]:
    """Return how many values of a column are under each key."""
    column = model._meta.get_field(name).column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {model._meta.db_table}")
        stored = [bytes(one) for (one,) in cursor.fetchall() if one is not None]
    if name.endswith("_index"):
        return Counter(one[2 : 2 + one[1]].decode() for one in stored)
    return Counter(envelope.read_header(one).key_id for one in stored)


def rotated(*purposes: Purpose) -> api.Outcome:
    """Rotate and return what came of it."""
    *_steps, last = api.rotate(purposes, reason="yearly")
    assert isinstance(last, api.Outcome)
    return last
