"""Rows with encrypted columns, and the keys they are under."""

from __future__ import annotations

from collections import Counter
from typing import Any

from jtsec.crypto import envelope
from jtsec.keys.api import Purpose
from jtsec.rotation import api
from tests.fields.stored import column
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
    found: Counter[str] = Counter()
    for pk in model.objects.values_list("pk", flat=True):
        stored = column(model, pk, name)
        if stored is not None:
            is_index = name.endswith("_index")
            found[
                stored[2 : 2 + stored[1]].decode()
                if is_index
                else envelope.read_header(stored).key_id
            ] += 1
    return found


def rotated(*purposes: Purpose) -> api.Outcome:
    """Rotate and return what came of it."""
    *_steps, last = api.rotate(purposes, reason="yearly")
    assert isinstance(last, api.Outcome)
    return last
