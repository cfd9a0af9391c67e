"""
What of a model is sealed: lists of fields, each with a number that stays.

    class Permit(SealedModel):
        sealed_fields = {1: ("owner", "plate"), 2: ("owner", "plate", "valid_until")}

A row keeps the number of the list it was sealed by and is verified by that one; the
next save seals it by the newest. So a field is added without touching the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.apps import apps
from django.db import models

from jtsec.core.exceptions import ConfigurationError

from .canonical import encode, same_numbers

SEAL: Final = "seal"
MOST: Final = 0xFFFF
"""The highest number of a list."""


@dataclass(frozen=True, eq=False)
class FieldList:
    """
    One list of sealed fields.

    Args:
        number: its number, in the seal.
        names: the fields' names on an instance, in order.
        head: what stands before the values under the seal.
        documents: the places of JSON documents among the values.
    """

    number: int
    names: tuple[str, ...]
    head: bytes
    documents: tuple[int, ...]

    def text(self, key: Any, values: list[Any]) -> str:
        """Return the canonical text of a row."""
        for place in self.documents:
            values[place] = same_numbers(values[place])
        return encode([key, *values])


@dataclass(frozen=True, eq=False)
class Plan:
    """
    How the rows of one table are sealed.

    Args:
        model: the model with the table.
        label: "app.model", under every seal.
        key: its primary key.
        lists: the lists of fields by number.
        newest: the one that new seals are made by.
        fields: every field of any list, by its name on an instance.
    """

    model: type[models.Model]
    label: str
    key: Any
    lists: Mapping[int, FieldList]
    newest: FieldList
    fields: Mapping[str, Any] = field(default_factory=dict)

    def resource(self, key: Any) -> str:
        """Return the name of a row."""
        return f"{self.label}:{key}"


_plans: dict[type[models.Model], Plan | None] = {}


def plan_of(model: type[models.Model]) -> Plan | None:
    """
    Return how rows of a model's table are sealed, None where they are not.

    The table of a model that inherits a sealed one has no seal of its own; the table
    that it inherits has.

    Raises:
        ConfigurationError: the declaration cannot be used; a check says the same.
    """
    try:
        return _plans[model]
    except KeyError:
        found = _work_out(model)
        if apps.ready and model.__module__ != "__fake__":
            _plans[model] = found
        return found


def sealed_plan(model: type[models.Model]) -> Plan:
    """Return how an instance is sealed: by its model's table, or a parent's."""
    owner = model._meta.get_field(SEAL).model
    found = plan_of(owner)
    if found is None:
        raise ConfigurationError(f"{model._meta.label} is not a sealed model")
    return found


def sealed_models() -> list[type[models.Model]]:
    """Return the models with tables of sealed rows, by label."""
    every = [one for one in apps.get_models() if is_declared(one)]
    return sorted(every, key=lambda one: one._meta.label_lower)


def lists_declared(model: Any) -> dict[int, tuple[str, ...]]:
    """
    Return the lists of fields that a model declares.

    Raises:
        ConfigurationError: there is none, or it is not written as one.
    """
    told = model.sealed_fields
    lists = told if isinstance(told, Mapping) else {1: told}
    label = model._meta.label
    if not lists or not all(lists.values()):
        raise ConfigurationError(f"{label} declares no sealed_fields")
    for number, names in lists.items():
        is_number = isinstance(number, int) and 1 <= number <= MOST
        if not is_number or isinstance(names, str):
            raise ConfigurationError(
                f"{label}.sealed_fields is a mapping of numbers from 1 to {MOST} to "
                "tuples of field names"
            )
    return {number: tuple(names) for number, names in lists.items()}


def is_declared(model: Any) -> bool:
    """Answer whether a model's own table has the seal."""
    meta = model._meta
    if meta.proxy or meta.abstract or not hasattr(model, "sealed_fields"):
        return False
    return any(one.name == SEAL for one in meta.local_concrete_fields)


def _work_out(model: Any) -> Plan | None:
    meta = model._meta
    if model.__module__ == "__fake__":
        return _of_a_migration(model)
    concrete = meta.concrete_model or model
    if not is_declared(concrete):
        return None
    return _plan(concrete, concrete, lists_declared(concrete))


def _of_a_migration(model: Any) -> Plan | None:
    """Return the plan for a model as a migration knows it, once its seal is there."""
    tables = {one._meta.db_table: one for one in sealed_models()}
    real = tables.get(model._meta.db_table)
    if real is None:
        return None
    columns = {one.name for one in model._meta.local_concrete_fields}
    names = columns | {one.attname for one in model._meta.local_concrete_fields}
    # A state before the seal, or before a field, came to the table.
    lists = {
        number: wanted
        for number, wanted in lists_declared(real).items()
        if names.issuperset(wanted)
    }
    return _plan(model, real, lists) if lists and SEAL in columns else None


def _plan(model: Any, declared: Any, told: Mapping[int, tuple[str, ...]]) -> Plan:
    label = declared.seal_label or declared._meta.label_lower
    fields: dict[str, Any] = {}
    lists = {}
    for number, names in sorted(told.items()):
        columns = [_column(model, name) for name in names]
        fields |= {one.attname: one for one in columns}
        lists[number] = _list(label, number, columns)
    newest = lists[max(lists)]
    return Plan(model, label, model._meta.pk, lists, newest, fields)


def _column(model: Any, name: str) -> Any:
    for one in model._meta.local_concrete_fields:
        if name in (one.name, one.attname) and one.name != SEAL:
            return one
    raise ConfigurationError(
        f"{model._meta.label}.sealed_fields names {name}, which is no column of its "
        "own table"
    )


def _list(label: str, number: int, columns: list[Any]) -> FieldList:
    names = tuple(one.attname for one in columns)
    documents = tuple(
        place
        for place, one in enumerate(columns)
        if isinstance(one, models.JSONField) or "JSON" in type(one).__name__
    )
    head = encode([label, number, names]).encode("ascii")
    return FieldList(number, names, head, documents)
