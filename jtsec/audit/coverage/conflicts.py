"""
The rows that stand in the way of new ones: those with the same unique values.

Read before and after an INSERT that may overwrite rows or leave some out, they tell
which rows it made and which it changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q, QuerySet, UniqueConstraint

from jtsec.fields.index_field import BlindIndexField

from .registry import Watched
from .rows import Found

PIECE: Final = 100
"""Rows that one question asks for."""


def standing_in_the_way(
    watched: Watched, query: Any, using: str, *, lock: bool
) -> Found:
    """
    Return the rows that share a unique value with one of those to be inserted.

    Args:
        watched: the model.
        query: the INSERT.
        using: the alias of the database.
        lock: whether nobody else may change them until the transaction ends.
    """
    names = [column.attname for column in watched.columns]
    groups = list(_unique_groups(watched, query))
    found: Found = {}
    for start in range(0, len(query.objs), PIECE):
        condition = _same(groups, query.objs[start : start + PIECE])
        if condition is None:
            continue
        rows: Any = QuerySet(model=watched.model, using=using)
        rows = rows.order_by().filter(condition)
        if lock:
            rows = rows.select_for_update()
        for row in rows.values_list("pk", *names):
            found[row[0]] = tuple(row[1:])
    return found


def has_no_unique_value(watched: Watched, query: Any, instance: Any) -> bool:
    """Answer whether nothing could stand in the way of a row."""
    return not any(_values(instance, group) for group in _unique_groups(watched, query))


def _unique_groups(watched: Watched, query: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the fields that are unique together, those the statement names if any."""
    meta = watched.model._meta
    if query.unique_fields:
        yield tuple(_text_of(meta, field) for field in query.unique_fields)
        return
    for field in meta.local_concrete_fields:
        if field.unique:
            yield (_text_of(meta, field),)
    # A key of several columns has none of its own that were unique.
    if len(meta.pk_fields) > 1:
        yield tuple(meta.pk_fields)
    named: list[Iterable[str]] = [*meta.unique_together]
    named += [
        one.fields
        for one in meta.constraints
        if isinstance(one, UniqueConstraint) and one.fields
    ]
    for names in named:
        yield tuple(_text_of(meta, meta.get_field(name)) for name in names)


def _text_of(meta: Any, field: Any) -> Any:
    """Return the field a condition can be put on: the text, not its blind index."""
    return meta.get_field(field.of) if isinstance(field, BlindIndexField) else field


def _same(groups: list[tuple[Any, ...]], instances: list[Any]) -> Q | None:
    conditions = []
    for group in groups:
        known = [values for one in instances if (values := _values(one, group))]
        if not known:
            continue
        if len(group) == 1:
            wanted = [values[0] for values in known]
            conditions.append(Q(**{f"{group[0].name}__in": wanted}))
            continue
        names = [field.name for field in group]
        conditions += [Q(**dict(zip(names, values, strict=True))) for values in known]
    return reduce(or_, conditions) if conditions else None


def _values(instance: Any, group: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return an instance's values, () where one is missing or is computed."""
    values = tuple(getattr(instance, field.attname, None) for field in group)
    if any(value is None or hasattr(value, "resolve_expression") for value in values):
        return ()
    return values
