"""What the system checks refuse of a model."""

from __future__ import annotations

from typing import Any

import pytest

from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.test.utils import isolate_apps

from jtsec.core.evidence import Fact
from jtsec.fields import (
    EncryptedCharField,
    EncryptedDateField,
    EncryptedIntegerField,
    EncryptedJSONField,
    evidence,
)
from tests.plainapp.models import Branch, Driver, Office, Vehicle


def found(fields: dict[str, Any], meta: dict[str, Any] | None = None) -> list[str]:
    """Return the ids of the checks' findings for a model."""
    with isolate_apps("tests.plainapp"):
        options = type("Meta", (), {"app_label": "plainapp", **(meta or {})})
        body = {"__module__": __name__, "Meta": options, **fields}
        model: Any = type("Tried", (models.Model,), body)
        return [str(message.id) for message in model.check()]


def field(**options: Any) -> Any:
    """Return an encrypted field."""
    return EncryptedCharField(max_length=20, **options)


def test_good_models_have_nothing_said_of_them():
    """Searchable, unique, inherited, proxied: no finding."""
    for model in (Driver, Vehicle, Office, Branch):
        assert model.check() == []
    assert found({"a": field(), "b": field(searchable=True, unique=True)}) == []


@pytest.mark.clause("A6.3")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"unique": True}, "jtsec.E210"),
        ({"normalise": "str.lower"}, "jtsec.E210"),
        ({"db_index": True}, "jtsec.E211"),
        ({"primary_key": True}, "jtsec.E212"),
        ({"db_default": "x"}, "jtsec.E213"),
    ],
    ids=str,
)
def test_what_ciphertext_cannot_do_is_refused(options, expected):
    """Each option that would be a false promise has its own id."""
    assert expected in found({"a": field(**options)})


def test_a_document_is_not_declared_searchable_or_unique():
    """It has no equality, so an index over it would be an empty promise."""
    assert found({"a": EncryptedJSONField(searchable=True)}) == ["jtsec.E112"]
    assert found({"a": EncryptedJSONField(unique=True)}) == ["jtsec.E210"]
    assert found({"a": EncryptedJSONField(default=dict)}) == []


@pytest.mark.parametrize("kind", [EncryptedIntegerField, EncryptedDateField])
def test_every_kind_is_checked(kind):
    """The machinery is one."""
    assert found({"a": kind(unique=True)}) == ["jtsec.E210"]
    assert found({"a": kind(db_index=True)}) == ["jtsec.E211"]
    assert found({"a": kind()}, {"ordering": ["a"]}) == ["jtsec.E214"]
    assert found({"a": kind(searchable=True, unique=True)}) == []


@pytest.mark.parametrize(
    "meta",
    [
        {"ordering": ["a"]},
        {"ordering": ["-a"]},
        {"ordering": [F("a").desc()]},
        {"get_latest_by": "a"},
    ],
    ids=str,
)
def test_order_by_ciphertext_is_refused(meta):
    """Rows would come in another order after every save."""
    assert found({"a": field()}, meta) == ["jtsec.E214"]


@pytest.mark.parametrize(
    "meta",
    [
        {"unique_together": [("a", "b")]},
        {"indexes": [models.Index(fields=["a"], name="i")]},
        {"constraints": [models.UniqueConstraint(fields=["a", "b"], name="u")]},
        {"indexes": [models.Index(fields=["-a"], name="i")]},
        {"indexes": [models.Index(F("a").desc(), "b", name="i")]},
        {"constraints": [models.UniqueConstraint(Lower("a"), "b", name="u")]},
    ],
    ids=str,
)
def test_constraints_over_ciphertext_are_refused(meta):
    """They would never strike; the companion can be named instead."""
    plain = {"a": field(searchable=True), "b": models.IntegerField()}
    assert found(plain, meta) == ["jtsec.E215"]
    constraint = models.UniqueConstraint(fields=["a_index", "b"], name="u")
    again = {"a": field(searchable=True), "b": models.IntegerField()}
    assert found(again, {"constraints": [constraint]}) == []


@isolate_apps("tests.plainapp")
def test_no_relation_refers_to_ciphertext():
    """The reference would hold another ciphertext, and lead nowhere."""
    body = {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "plainapp"})}
    there: Any = type(
        "There", (models.Model,), {**body, "a": field(searchable=True, unique=True)}
    )
    assert there.check() == []
    refers = models.ForeignKey(there, models.CASCADE, to_field="a")
    body["Meta"] = type("Meta", (), {"app_label": "plainapp"})
    type("Here", (models.Model,), {**body, "there": refers})
    assert [one.id for one in there.check()] == ["jtsec.E212"]


@pytest.mark.skipif(
    not hasattr(models, "CompositePrimaryKey"), reason="Django before 5.2"
)
def test_a_key_of_several_columns_is_refused():
    """A rotation of the whole project would end at its table."""
    fields = {
        "pk": models.CompositePrimaryKey("x", "y"),
        "x": models.IntegerField(),
        "y": models.IntegerField(),
        "a": field(),
    }
    assert found(fields) == ["jtsec.E212"]


def test_a_field_in_the_companions_place_is_refused():
    """Two fields of one name would share a column."""
    fields = {"a": field(searchable=True), "a_index": models.IntegerField()}
    assert found(fields) == ["models.E006"]


def test_two_fields_in_one_context_are_refused():
    """A ciphertext could be moved from the one to the other."""
    from django.apps import apps

    clash = field(context="plainapp.driver.phone")
    clash.set_attributes_from_name("tel")
    clash.model = Driver
    ids = [message.id for message in clash.check()]
    assert ids == ["jtsec.E216"]
    assert apps.get_model("plainapp.Driver").check() == []


@pytest.mark.clause("A6.3")
def test_the_evidence_lists_the_encrypted_columns():
    """The report names each column, and whether equal texts can be seen."""
    fact, _ = evidence.facts()
    assert isinstance(fact, Fact)
    assert fact.holds
    listed: Any = fact.value
    assert listed["plainapp_driver.phone"] is True
    assert listed["plainapp_driver.address"] is False
