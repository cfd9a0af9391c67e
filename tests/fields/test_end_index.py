"""Texts are found by their ends where that was asked for, exactly, and no further."""

from __future__ import annotations

from typing import Any

import pytest

from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Count, Value
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext, isolate_apps

from jtsec.core.exceptions import InputError
from jtsec.fields import EncryptedCharField, EndIndexField
from jtsec.fields.filling import fill_index
from tests import keyring
from tests.fields.stored import column
from tests.plainapp.models import Witness

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.3")]
PEOPLE = {
    "张三": "139 1234 5678",
    "张小四": "139-1234-0000",
    "李五": "13800005678",
    "é": "12",
    "": None,
}


@pytest.fixture
def witnesses():
    """Return people by their names."""
    Witness.objects.bulk_create(
        Witness(name=name, phone=phone) for name, phone in PEOPLE.items()
    )
    return {row.name: row for row in Witness.objects.all()}


def names(**condition):
    """Return the names of those who meet a condition."""
    return set(Witness.objects.filter(**condition).values_list("name", flat=True))


def test_they_are_found_by_each_end(witnesses):
    """Normalised as equality is; what is looked for is in no statement."""
    with CaptureQueriesContext(connection) as captured:
        assert names(phone__startswith="139") == {"张三", "张小四"}
        assert names(phone__startswith="1391 234") == {"张三", "张小四"}
        assert names(phone__endswith="5678") == {"张三", "李五"}
        assert names(name__startswith="张") == {"张三", "张小四"}
        assert names(name__startswith="e\N{COMBINING ACUTE ACCENT}") == {"é"}
        assert names(phone__startswith="150") == set()
        assert names(phone__startswith="139", phone__endswith="5678") == {"张三"}
    for one in captured.captured_queries:
        assert "139" not in one["sql"]
        assert "张" not in one["sql"]


def test_what_is_not_found_is_the_rest(witnesses):
    """Texts that are too short too, and no text, as with a plain column."""
    left = Witness.objects.exclude(phone__startswith="139")
    assert set(left.values_list("name", flat=True)) == {"李五", "é", ""}
    left = Witness.objects.exclude(name__startswith="张")
    assert set(left.values_list("name", flat=True)) == {"李五", "é", ""}


def test_a_short_text_is_not_found_by_the_whole_of_it(witnesses):
    """Twelve is no beginning of three characters; all short ones look alike."""
    assert names(phone="12") == {"é"}
    other = Witness.objects.create(name="x", phone="7")
    short = column(Witness, witnesses["é"].pk, "phone_first3")
    assert short == column(Witness, other.pk, "phone_first3")
    assert column(Witness, witnesses[""].pk, "phone_first3") is None


@pytest.mark.parametrize(
    ("lookup", "value"),
    [
        ("phone__startswith", "13"),
        ("phone__startswith", "13912"),
        ("phone__startswith", ""),
        ("phone__startswith", b"139"),
        ("phone__startswith", Lower("name")),
        ("phone__startswith", Value("139")),
        ("phone__endswith", "678"),
        ("phone__istartswith", "139"),
        ("phone__contains", "139"),
        ("name__endswith", "三"),
        ("name__exact", "张三"),
    ],
)
def test_what_was_not_asked_for_is_refused(lookup, value):
    """No answer is given that would be empty or wrong."""
    with pytest.raises(FieldError, match=r"encrypted|compared|characters"):
        list(Witness.objects.filter(**{lookup: value}))


def test_half_a_character_is_refused():
    """It has no bytes, and the error does not quote it."""
    with pytest.raises(InputError, match="valid Unicode"):
        list(Witness.objects.filter(name__startswith="\ud800"))


def test_ends_follow_the_text_on_every_way_of_writing(witnesses):
    """UPDATE, bulk_update, save of one field, and an upsert."""
    row = witnesses["张三"]
    ways = {
        "150": lambda: Witness.objects.filter(pk=row.pk).update(phone="15000000000"),
        "151": lambda: Witness(pk=row.pk, name="张三", phone="151").save(),
        "152": lambda: Witness(pk=row.pk, phone="1521").save(update_fields=["phone"]),
        "153": lambda: Witness.objects.bulk_update(
            [Witness(pk=row.pk, phone="15311111111")], ["phone"]
        ),
        "154": lambda: Witness.objects.bulk_create(
            [Witness(pk=row.pk, name="x", phone="15400000000")],
            update_conflicts=True,
            update_fields=["phone"],
            unique_fields=None if connection.vendor == "mysql" else ["pk"],
        ),
    }
    for start, way in ways.items():
        way()
        assert names(phone__startswith=start) == {"张三"}
    Witness.objects.filter(pk=row.pk).update(phone=None)
    assert column(Witness, row.pk, "phone_last4") is None


def test_without_the_hook_an_end_stays_behind(witnesses, monkeypatch):
    """It is the field that writes its companions."""
    monkeypatch.setattr("jtsec.fields.encrypted.write_index_too", lambda *args: None)
    Witness.objects.filter(pk=witnesses["张三"].pk).update(phone="15000000000")
    assert names(phone__startswith="150") == set()


def test_an_end_is_not_written_by_hand(witnesses):
    """Whoever could, would lead searches to other rows."""
    with pytest.raises(FieldError, match="follows from phone"):
        Witness.objects.update(phone_first3=b"x" * 32)


def test_ends_of_two_lengths_and_columns_have_nothing_in_common(witnesses):
    """A column of three characters is not joined with one of seven, or of a name."""
    same = Witness.objects.create(name="1391234", phone="1391234")
    found = [
        column(Witness, same.pk, name)
        for name in ("phone_first3", "phone_first7", "phone_index", "name_first1")
    ]
    assert len(set(found)) == 4


def test_what_they_give_away_is_which_rows_begin_alike(witnesses):
    """And how many; no more, but no less: it can be counted without the key."""
    groups = Witness.objects.values("phone_first3").annotate(n=Count("pk"))
    assert sorted(group["n"] for group in groups) == [1, 1, 1, 2]


def test_they_are_found_under_an_older_key_too(witnesses, other_ring):
    """During a rotation rows stand under both."""
    from jtsec.keys.api import Purpose, State

    ring = [key for key in keyring.known_ring() if key.purpose is not Purpose.INDEX]
    old = keyring.known_key(Purpose.INDEX, state=State.RETIRED)
    other_ring(*ring, old, keyring.known_key(Purpose.INDEX, 2))
    Witness.objects.create(name="新", phone="13999999999")
    assert names(phone__startswith="139") == {"张三", "张小四", "新"}


def test_rows_from_before_get_their_ends(witnesses):
    """And a second run has nothing left to do, short texts included."""
    table = Witness._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET phone_last4 = NULL, phone_first3 = NULL")
    assert names(phone__endswith="5678") == set()
    assert fill_index(Witness, "phone") == 4
    assert names(phone__endswith="5678") == {"张三", "李五"}
    assert fill_index(Witness, "phone") == 0


def test_a_migration_adds_a_column_for_each_end():
    """Which is listed by itself, with its length."""
    state = ProjectState()
    state.add_model(ModelState.from_model(Witness))
    detector: Any = MigrationAutodetector(ProjectState(), state)
    (migration,) = detector._detect_changes()["plainapp"]
    fields = dict(migration.operations[0].fields)
    assert isinstance(fields["phone_first3"], EndIndexField)
    assert fields["phone_last4"].take == -4
    assert fields["phone"].prefixes == (3, 7)
    *_, kwargs = fields["phone_last4"].deconstruct()
    assert kwargs == {"of": "phone", "take": -4, "verbose_name": "phone"}
    historical = state.apps.get_model("plainapp", "witness")
    assert len(historical._meta.fields) == len(Witness._meta.fields)


@pytest.mark.parametrize(
    "options",
    [
        {"prefixes": [0]},
        {"prefixes": [3, 3]},
        {"prefixes": [-1]},
        {"suffixes": [21]},
    ],
    ids=str,
)
@isolate_apps("tests.plainapp")
def test_lengths_that_no_text_has_are_refused(options):
    """Before a table is made of them."""

    class Sheet(models.Model):
        phone = EncryptedCharField(max_length=20, **options)

        class Meta:
            app_label = "plainapp"

    assert [one.id for one in Sheet.check()] == ["jtsec.E114"]
