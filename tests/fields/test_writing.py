"""The index follows the text on every way the ORM writes."""

from __future__ import annotations

import pytest

from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models
from django.db.models import Case, F, Value, When

from jtsec.fields import encrypted
from jtsec.fields.filling import fill_index
from tests.fields.stored import column, put, refused
from tests.plainapp.models import Branch, Driver, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def driver() -> Driver:
    """Return a row to be written over."""
    return Driver.objects.create(name="a", phone="old", number="7")


def agree(pk: int, phone: str | None) -> bool:
    """Answer whether text and index of a row both say this."""
    index = Driver._meta.get_field("phone_index")
    expected = index.index_of(phone)
    return (
        Driver.objects.get(pk=pk).phone == phone
        and column(Driver, pk, "phone_index") == expected
    )


def save_whole(row):
    """Write every column."""
    row.phone = "new"
    row.save()


def save_named(row):
    """Write the named column."""
    row.phone = "new"
    row.save(update_fields=["phone"])


def save_only_loaded(row):
    """Write a row of which only the text was loaded."""
    row = Driver.objects.only("phone").get(pk=row.pk)
    row.phone = "new"
    row.save()


def update(row):
    """Write one column of a queryset."""
    Driver.objects.filter(pk=row.pk).update(phone="new")


def update_through_other_column(row):
    """Write several columns of a queryset."""
    Driver.objects.filter(name="a").update(name="b", phone="new", address="x")


def bulk_update(row):
    """Write rows in one statement."""
    row.phone = "new"
    Driver.objects.bulk_update([row], ["phone"])


def update_or_create(row):
    """Find, or write."""
    Driver.objects.update_or_create(pk=row.pk, defaults={"phone": "new"})


def upsert(row):
    """Insert, or write where it is there."""
    targeted = connection.features.supports_update_conflicts_with_target
    Driver.objects.bulk_create(
        [Driver(pk=row.pk, name="a", phone="new")],
        update_conflicts=True,
        update_fields=["phone"],
        unique_fields=["pk"] if targeted else None,
    )


def chosen_by_case(row):
    """Write what a CASE of texts chooses."""
    field = Driver._meta.get_field("phone")
    Driver.objects.update(
        phone=Case(
            When(name="a", then=Value("new", output_field=field)),
            default=Value(None),
            output_field=field,
        )
    )


WAYS = [
    save_whole,
    save_named,
    save_only_loaded,
    update,
    update_through_other_column,
    bulk_update,
    update_or_create,
    upsert,
    chosen_by_case,
]


@pytest.mark.clause("A6.3")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_index_follows_the_text(driver, way):
    """Whichever statement writes the text, the row is found under the new one."""
    way(driver)
    assert agree(driver.pk, "new")
    assert Driver.objects.filter(phone="new").count() == 1
    assert not Driver.objects.filter(phone="old").exists()


@pytest.mark.parametrize("way", [save_named, update, bulk_update, upsert])
def test_without_the_hook_the_index_stays_behind(driver, way, monkeypatch):
    """With the protection removed, the same writes leave a wrong index."""
    monkeypatch.setattr(encrypted, "write_index_too", lambda field, query: None)
    way(driver)
    assert not agree(driver.pk, "new")


def test_removing_the_text_removes_the_index(driver):
    """None in the one is None in the other."""
    Driver.objects.update(phone=None)
    assert agree(driver.pk, None)
    Driver.objects.update(phone="")
    assert agree(driver.pk, "")
    driver.phone = None
    Driver.objects.bulk_update([driver], ["phone"])
    assert agree(driver.pk, None)


def test_new_rows_have_their_index():
    """create, bulk_create and get_or_create."""
    one = Driver.objects.create(name="1", phone="a")
    two, _ = Driver.objects.bulk_create(
        [Driver(name="2", phone="b"), Driver(name="3", phone=None)]
    )
    four, made = Driver.objects.get_or_create(phone="c", defaults={"name": "4"})
    again, made_again = Driver.objects.get_or_create(phone="c")
    assert (made, made_again, again.pk) == (True, False, four.pk)
    for row, phone in ((one, "a"), (two, "b"), (four, "c")):
        assert agree(Driver.objects.get(name=row.name).pk, phone)
    assert agree(Driver.objects.get(name="3").pk, None)


def test_bulk_update_of_several_rows_keeps_them_apart():
    """Each row gets the index of its own text."""
    rows = [Driver.objects.create(name=n, phone=n) for n in "abc"]
    for row in rows:
        row.phone = f"new-{row.name}"
        row.name = row.name.upper()
    rows[1].phone = None
    Driver.objects.bulk_update(rows, ["phone", "name"])
    assert agree(rows[0].pk, "new-a")
    assert agree(rows[1].pk, None)
    assert agree(rows[2].pk, "new-c")


def test_a_save_without_the_text_leaves_the_index_alone(driver):
    """Another process may have changed the text since this row was loaded."""
    stale = Driver.objects.defer("phone").get()
    Driver.objects.update(phone="new")
    stale.name = "b"
    stale.save()
    assert agree(driver.pk, "new")
    stale.save(update_fields=["name"])
    Driver.objects.update_or_create(pk=driver.pk, defaults={"name": "c"})
    assert agree(driver.pk, "new")


def test_the_index_written_alone_changes_nothing(driver):
    """save(update_fields=["phone_index"]) cannot drive the two apart."""
    driver.phone = "new"
    driver.save(update_fields=["phone_index"])
    assert agree(driver.pk, "old")


def test_the_index_is_not_written_by_hand(driver):
    """update, bulk_update and create refuse bytes for it."""
    stolen = column(Driver, driver.pk, "phone_index")
    with refused(FieldError, match="cannot be written"):
        Driver.objects.update(phone_index=stolen)
    with refused(FieldError):
        Driver.objects.update(phone_index=F("number_index"))
    with refused(FieldError):
        Driver.objects.bulk_update([driver], ["phone_index"])
    made = Driver.objects.create(name="b", phone="x", phone_index=stolen)
    assert agree(made.pk, "x")
    assert agree(driver.pk, "old")


def test_an_inherited_text_keeps_its_index():
    """Multi-table inheritance updates two tables; the index is in the right one."""
    branch = Branch.objects.create(phone="1", code="c")
    Branch.objects.filter(code="c").update(phone="2", code="d")
    assert Office.objects.filter(phone="2").exists()
    assert Branch.objects.filter(phone="2", code="d").exists()
    branch.refresh_from_db()
    branch.phone, branch.code = "3", "e"
    branch.save(update_fields=["phone", "code"])
    assert Branch.objects.filter(phone="3", code="e").exists()
    Branch.objects.bulk_update([Branch(pk=branch.pk, phone="4")], ["phone"])
    assert Branch.objects.filter(phone="4").exists()


def test_uniqueness_holds_in_the_database(driver):
    """Two equal texts are refused by the constraint, on every way of writing."""
    other = Driver.objects.create(name="b", number="8")
    for write in (
        lambda: Driver.objects.create(name="c", number="7"),
        lambda: Driver.objects.filter(pk=other.pk).update(number="7"),
        lambda: Driver.objects.bulk_create([Driver(name="c", number="7")]),
    ):
        with refused(IntegrityError):
            write()
    assert Driver.objects.filter(number="7").count() == 1
    Driver.objects.create(name="d", number=None)
    Driver.objects.create(name="e", number=None)


@pytest.mark.skipif(
    not connection.features.supports_update_conflicts_with_target,
    reason="MySQL takes any unique key for the conflict",
)
def test_an_upsert_finds_the_conflict_through_the_index(driver):
    """unique_fields=["number"] means the text, so it means the companion."""
    Driver.objects.bulk_create(
        [Driver(name="z", number="7", phone="new")],
        update_conflicts=True,
        update_fields=["name", "phone"],
        unique_fields=["number"],
    )
    assert Driver.objects.get().name == "z"
    assert agree(driver.pk, "new")


def test_rows_from_before_get_their_index(driver):
    """fill_index completes what an added companion left empty, and only that."""
    put(Driver, driver.pk, "phone_index", None)
    Driver.objects.create(name="b", phone=None)
    assert not Driver.objects.filter(phone="old").exists()
    assert fill_index(Driver, "phone") == 1
    assert agree(driver.pk, "old")
    assert fill_index(Driver, "phone") == 0
    with pytest.raises(TypeError):
        fill_index(Driver, "address")


def test_a_migration_makes_the_column_searchable(driver):
    """Historical models write and find as the real ones do."""
    from django.db.migrations.state import ModelState, StateApps

    state = StateApps([], {})
    state.render_multiple([ModelState.from_model(Driver)])
    old = state.get_model("plainapp", "Driver")
    assert not old._meta.get_field("number").unique
    assert old._meta.get_field("number_index").unique
    assert [f.name for f in old._meta.fields].count("phone_index") == 1
    row = old._default_manager.get(phone="old")
    row.phone = "new"
    row.save(update_fields=["phone"])
    assert agree(driver.pk, "new")
    assert old._default_manager.create(name="b", phone="c").phone == "c"
    assert Driver.objects.filter(phone="c").exists()


@pytest.mark.django_db(transaction=True)
def test_a_schema_editor_adds_both_columns():
    """AddField on a table with rows: the default is encrypted, the index follows."""

    class Added(models.Model):
        name = models.CharField(max_length=5)

        class Meta:
            app_label = "plainapp"

    from django.apps import apps

    from jtsec.fields import BlindIndexField, EncryptedCharField

    try:
        with connection.schema_editor() as editor:
            editor.create_model(Added)
        Added._default_manager.create(name="a")
        field = EncryptedCharField(max_length=9, default="dflt", context="x.y.z")
        field.set_attributes_from_name("extra")
        field.model = Added
        with connection.schema_editor() as editor:
            editor.add_field(Added, field)
            index = BlindIndexField(of="extra")
            index.set_attributes_from_name("extra_index")
            index.model = Added
            editor.add_field(Added, index)
        stored = column_of(Added._meta.db_table, "extra")
        assert field.from_db_value(stored, None, connection) == "dflt"
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Added)
        del apps.all_models["plainapp"]["added"]
        apps.clear_cache()


def column_of(table: str, name: str) -> bytes:
    """Return the first value of a column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table}")
        return bytes(cursor.fetchone()[0])
