"""
Events of many-to-many relations: to which row others were added, or taken from it.

The table between is nobody's business; what is recorded is the relation of a row, as
`article.tags.add(...)` means it. Tables that the project declares itself (`through`)
are models like others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from jtsec.audit.events import Event

from . import row_events
from .columns import Column
from .events import RelationAdded, RelationRemoved
from .registry import Watched

MOST_KEYS: Final = 200
"""Rows that one event names; more make more events."""


def write(
    watched: Watched,
    links: Iterable[Iterable[tuple[Column, Any]]],
    *,
    is_added: bool,
    using: str,
) -> None:
    """
    Write the events of rows that joined or left relations.

    Args:
        watched: the table between.
        links: what each of its rows holds.
        is_added: whether they joined.
        using: the alias of the database of the rows.

    Raises:
        AuditUnavailable: they were not written, and the change must not stay.
    """
    events = _events(watched, links, is_added)
    row_events.write(events, core=watched.core, using=using)


def _events(
    watched: Watched, links: Iterable[Iterable[tuple[Column, Any]]], is_added: bool
) -> Iterator[Event]:
    field = watched.relation
    source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
    relation = f"{field.model._meta.label_lower}.{field.name}"
    cls = RelationAdded if is_added else RelationRemoved
    others: dict[str, list[str]] = defaultdict(list)
    for link in links:
        shown = {column.name: column.show(value) for column, value in link}
        waiting = others[shown[source]]
        waiting.append(shown[target])
        if len(waiting) == MOST_KEYS:
            keys = tuple(others.pop(shown[source]))
            yield cls(resource=shown[source], relation=relation, keys=keys)
    for resource, found in others.items():
        yield cls(resource=resource, relation=relation, keys=tuple(found))
