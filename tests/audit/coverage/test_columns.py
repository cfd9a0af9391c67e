"""How values stand in events, and when two of them differ."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from django.db import models

from jtsec.audit.coverage.columns import columns_of, shown_plainly
from jtsec.audit.payload import plain
from tests.audit.coverage.models import Guard, Shift
from tests.audit.test_formats import vector


def column(model, name):
    """Return one column of a model."""
    return next(one for one in columns_of(model, None, (), ()) if one.name == name)


def test_values_are_shown_as_the_formats_page_says():
    """Bytes by digest, JSON as text, keys with their model."""
    case = vector("model-values")
    assert shown_plainly(bytes.fromhex(case["bytes"])) == case["shown"]
    assert column(Guard, "settings").show({"b": 1.5, "a": []}) == case["json"]
    assert column(Shift, "station").show(5) == case["key"]
    assert column(Guard, "password").show("anything") == "***"


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        7,
        "text",
        2.5,
        Decimal("1.50"),
        UUID(int=7),
        datetime(2026, 1, 2, tzinfo=UTC),
        b"\x00",
        memoryview(b"\x00"),
        ["a", {"b": 1.5}],
        {"deep": {"er": [1, {"and": {"deep": {"er": {"and": {"so": ["on"]}}}}}]}},
        object,
        models.F("rank"),
    ],
)
def test_any_value_can_stand_in_an_event(value):
    """A field of any kind must not break the save that it is part of."""
    shown = shown_plainly(value)
    assert plain(shown) == shown


@pytest.mark.parametrize(
    ("name", "before", "given", "differs"),
    [
        ("rank", 5, "5", False),
        ("rank", 5, 6, True),
        ("rank", None, 0, True),
        ("name", "a", "A", True),
        ("settings", {"a": [1]}, {"a": (1,)}, False),
        ("photo", memoryview(b"x"), b"x", False),
        ("station", 3, 3, False),
    ],
)
def test_two_values_differ_as_the_field_means_them(name, before, given, differs):
    """What was given in another form than it is stored is no change."""
    found = column(Guard, name)
    assert found.is_changed(before, found.meant(given)) is differs


def test_a_text_too_long_to_be_kept_is_told_to_have_changed():
    """What differs behind the cut differs."""
    long = "x" * 9000
    found = column(Guard, "name")
    assert found.is_changed(long + "a", long + "b")
    assert found.show(long + "a").endswith("…[9001]")


def test_what_a_field_cannot_read_is_told_as_it_is():
    """The database will refuse it, or not."""
    assert column(Guard, "rank").meant("not a number") == "not a number"
    assert column(Shift, "station").meant(Guard(pk=4)) == 4
