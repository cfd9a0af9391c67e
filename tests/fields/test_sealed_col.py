"""No statement computes with ciphertext; what only reads it goes on working."""

from __future__ import annotations

from typing import Any

import pytest

from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractYear, Length, Lower

from jtsec.fields import sealed_col
from tests.fields.stored import refused
from tests.plainapp.models import Dossier, Driver, Vehicle

pytestmark = pytest.mark.django_db

COMPUTED: dict[str, Any] = {
    "plus": F("number") + 1,
    "minus column": F("number") - F("count"),
    "length": Length("text"),
    "lower": Lower("text"),
    "sum": Sum("number"),
    "average": Avg("amount"),
    "greatest": Max("born"),
    "least": Min("seen"),
    "different": Count("text", distinct=True),
    "chosen among": Coalesce("text", Value("x")),
    "in a case": Case(
        When(name="a", then=F("number") * 2), default=0, output_field=IntegerField()
    ),
    "year": ExtractYear("born"),
}


@pytest.fixture(autouse=True)
def row() -> Dossier:
    """Make a row."""
    return Dossier.objects.create(name="a", count=5, text="a", number=5, amount=1)


@pytest.mark.clause("A6.3")
@pytest.mark.parametrize("name", COMPUTED)
def test_computing_is_refused(name):
    """In an annotation, an aggregate and a condition: a sentence, no wrong number."""
    expression = COMPUTED[name]
    with refused(FieldError):
        list(Dossier.objects.annotate(n=expression).values("n"))
    if hasattr(expression, "distinct"):
        with refused(FieldError):
            Dossier.objects.aggregate(n=expression)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="others give an error")
def test_without_looking_through_a_wrong_number_comes_out(monkeypatch):
    """With the protection removed, five plus one is not six, and nobody says so."""
    monkeypatch.setattr(sealed_col, "require_whole_columns", lambda query: None)
    numbers = Dossier.objects.annotate(n=F("number") + 1).values_list("n", flat=True)
    assert list(numbers) != [6]
    assert not Dossier.objects.filter(count__gte=F("number")).exists()


def test_a_plain_column_is_not_compared_with_an_encrypted_one():
    """In filter, exclude, a join and a subquery."""
    for condition in (
        Q(count=F("number")),
        ~Q(count=F("number")),
        Q(count__gte=F("number")),
        Q(name=Lower("text")),
        Q(pk=1) | Q(name=F("text")),
    ):
        with refused(FieldError):
            Dossier.objects.filter(condition).count()
        with refused(FieldError):
            Dossier.objects.filter(condition).update(name="b")
    with refused(FieldError):
        list(Vehicle.objects.filter(owner__name=F("plate")))
    inner = Driver.objects.filter(name=OuterRef("plate"))
    with refused(FieldError):
        list(Vehicle.objects.filter(Exists(inner)))


CHOICES: dict[str, Any] = {
    "another column": Case(When(name="a", then="text"), default="name"),
    "another encrypted one": Case(When(name="b", then="number"), default="count"),
    "a text": Case(When(name="b", then="text"), default=Value("")),
    "a choice": Case(
        When(name="b", then=Case(When(pk=1, then="text"))), default="name"
    ),
}


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_between_a_column_and_something_else_is_refused(name):
    """What is chosen is opened as that column's, and a whole row looked altered."""
    with refused(FieldError, match="read it and compute in Python"):
        list(Dossier.objects.annotate(chosen=CHOICES[name]))


def test_a_choice_between_a_column_and_nothing_is_read():
    """Of one column, however often it is named."""
    once = Case(When(name="b", then="text"), default=Value(None))
    assert Dossier.objects.annotate(chosen=once).get().chosen is None
    twice = Case(When(name="b", then="text"), default=Case(When(count=5, then="text")))
    assert Dossier.objects.annotate(chosen=twice).get().chosen == "a"


def test_groups_of_ciphertext_are_refused():
    """Every row would be a group; the index groups them, with the key each is one."""
    Dossier.objects.create(text="a")
    with refused(FieldError, match="Group by its index"):
        list(Dossier.objects.values("text").annotate(n=Count("pk")))
    by_index = Dossier.objects.values("text_index").annotate(n=Count("pk"))
    assert [one["n"] for one in by_index] == [2]
    different = Dossier.objects.aggregate(n=Count("text_index", distinct=True))
    assert different == {"n": 1}
    rows = Dossier.objects.values("pk", "text").annotate(n=Count("pk"))
    assert [(one["text"], one["n"]) for one in rows] == [("a", 1), ("a", 1)]


def test_reading_goes_on_working(row):
    """Renaming, choosing, counting, asking for absence, joining."""
    assert Dossier.objects.annotate(n=F("number")).get().n == 5
    field = Dossier._meta.get_field("number")
    chosen = Case(When(name="a", then=F("number")), output_field=field)
    assert Dossier.objects.annotate(n=chosen).get().n == 5
    assert Dossier.objects.aggregate(n=Count("number")) == {"n": 1}
    absent = Case(When(born__isnull=True, then=Value(1)), default=Value(0))
    assert Dossier.objects.annotate(n=absent).get().n == 1
    assert Dossier.objects.filter(Q(born__isnull=True), number=5).get() == row
    assert Dossier.objects.annotate(n=F("number")).filter(n=5).get() == row
    assert Dossier.objects.annotate(n=Count("pk")).get().text == "a"
    driver = Driver.objects.create(name="d", phone="1")
    Vehicle.objects.create(owner=driver, plate="1")
    listed = Driver.objects.annotate(n=Count("vehicles")).filter(n=1)
    assert [one.phone for one in listed] == ["1"]
    inner = Vehicle.objects.filter(owner=OuterRef("pk"), plate="1")
    assert Driver.objects.filter(Exists(inner)).get().phone == "1"
    first = Vehicle.objects.select_related("owner").annotate(p=F("owner__phone"))
    assert first.get().p == "1"
    assert Dossier.objects.filter(number=5).exists()
    assert list(Dossier.objects.values_list("text").distinct()) == [("a",)]
    assert Dossier.objects.filter(number=5).union(Dossier.objects.all()).count() == 1
