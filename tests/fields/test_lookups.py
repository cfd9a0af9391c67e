"""What can be asked of an encrypted column, and what cannot."""

from __future__ import annotations

import pytest

from django.core.exceptions import FieldError, ValidationError
from django.db import connection
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.forms import modelform_factory
from django.test.utils import CaptureQueriesContext

from tests.fields.stored import column
from tests.plainapp.models import Driver, Office, Vehicle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows():
    """Make three drivers and their vehicles."""
    for name, phone, number in (("a", "1", "x"), ("b", "2", None), ("c", None, "z")):
        driver = Driver.objects.create(name=name, phone=phone, number=number)
        Vehicle.objects.create(owner=driver, plate=f"京A-{name}{ord(name)}")


def names(*args, **kwargs) -> str:
    """Return the names of the drivers found."""
    return "".join(
        Driver.objects.filter(*args, **kwargs)
        .order_by("name")
        .values_list("name", flat=True)
    )


@pytest.mark.clause("A6.3")
def test_equality_is_found_and_the_text_is_not_in_the_query():
    """The statement carries an index, so no slow-query log shows a number."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert names(phone="1") == "a"
    assert "phone_index" in queries[0]["sql"]
    assert "'1'" not in queries[0]["sql"]


def test_in_isnull_and_their_opposites():
    """Lists, absence, and exclusion, with Django's meaning of NULL."""
    assert names(phone__in=["1", "2", None]) == "ab"
    assert names(phone__in=[]) == ""
    assert names(phone__isnull=True) == "c"
    assert names(phone=None) == "c"
    assert names(phone__isnull=False) == "ab"
    assert names(~Q(phone="1")) == "bc"
    assert names(~Q(phone__in=["1", "2"])) == "c"
    assert names(Q(phone="1") | Q(number="z")) == "ac"
    assert names(Q(phone="1") & Q(number="z")) == ""
    assert names(phone="3") == ""
    assert names(phone=1) == "a"


def test_joins_carry_the_question():
    """Across a relation, forwards and backwards."""
    assert Vehicle.objects.get(owner__phone="1").owner.name == "a"
    assert Vehicle.objects.exclude(owner__phone="1").count() == 2
    assert names(vehicles__plate="97") == "a"
    inner = Driver.objects.filter(pk=OuterRef("owner"), phone="2")
    found = Vehicle.objects.filter(owner__in=Subquery(inner.values("pk")))
    assert found.get().owner.name == "b"
    assert Driver.objects.in_bulk(["x", "z"], field_name="number").keys() == {"x", "z"}


def test_comparison_is_normalised():
    """NFC always, and what the column's own function makes equal."""
    Driver.objects.create(name="d", phone="e\u0301")
    assert names(phone="\u00e9") == "d"
    assert Vehicle.objects.filter(plate="9-7").count() == 1


def test_equal_texts_in_two_columns_have_unequal_indexes():
    """Nobody joins the tables by their indexes."""
    driver = Driver.objects.create(name="d", phone="9", number="9")
    one = column(Driver, driver.pk, "phone_index")
    assert one != column(Driver, driver.pk, "number_index")


@pytest.mark.parametrize(
    "lookup",
    ["contains", "icontains", "iexact", "startswith", "regex", "gt", "lt", "range"],
)
def test_what_ciphertext_cannot_answer_is_refused(lookup):
    """A plain sentence when the query is built, instead of an empty answer."""
    with pytest.raises(FieldError, match="exact, in and isnull"):
        Driver.objects.filter(**{f"phone__{lookup}": "1"})


def test_unknown_words_after_the_field_are_refused():
    """Transforms there are none."""
    with pytest.raises(FieldError):
        Driver.objects.filter(phone__length=3)


def test_a_column_without_index_cannot_be_searched():
    """searchable=True is a decision of its own; absence may always be asked for."""
    with pytest.raises(FieldError, match="searchable=True"):
        Driver.objects.filter(address="x")
    with pytest.raises(FieldError, match="searchable=True"):
        Driver.objects.filter(address__in=["x"])
    assert Driver.objects.filter(address__isnull=True).count() == 0
    assert Driver.objects.filter(address=None).count() == 0


@pytest.mark.parametrize(
    "rhs", [F("number"), F("name"), OuterRef("phone"), Max("phone")], ids=str
)
def test_comparison_with_a_column_is_refused(rhs):
    """Two columns' indexes are never equal, so the answer would be a lie."""
    with pytest.raises(FieldError):
        Driver.objects.filter(phone=rhs)


def test_a_subquery_as_list_is_refused():
    """phone__in=<queryset> would compare index with ciphertext."""
    with pytest.raises(FieldError):
        Driver.objects.filter(phone__in=Driver.objects.values("phone"))
    with pytest.raises(FieldError):
        Driver.objects.filter(phone__in="12")


def test_a_computed_column_is_refused():
    """What is no longer the column has no index."""
    with pytest.raises(FieldError):
        list(Driver.objects.annotate(m=Max("phone")).filter(m="1"))


def test_counting_rows_still_works():
    """An encrypted column is in no one's way."""
    assert Driver.objects.annotate(n=Count("vehicles")).filter(n=1).count() == 3
    assert Driver.objects.filter(phone="1").update(name="q") == 1
    assert Driver.objects.filter(phone="1").delete()[0] == 2


def test_uniqueness_is_explained_to_the_person():
    """validate_unique, full_clean and a ModelForm name the field."""
    again = Driver(name="d", number="x")
    for check in (again.validate_unique, again.full_clean):
        with pytest.raises(ValidationError) as caught:
            check()
        assert list(caught.value.message_dict) == ["number"]
        assert caught.value.error_dict["number"][0].code == "unique"
    form = modelform_factory(Driver, fields=["name", "number"])
    assert list(form({"name": "d", "number": "x"}).errors) == ["number"]
    own = form({"name": "a", "number": "x"}, instance=Driver.objects.get(name="a"))
    assert own.is_valid()
    Driver.objects.get(name="a").full_clean()
    Office.objects.create(phone="1")
    with pytest.raises(ValidationError):
        Office(phone="1").full_clean()
