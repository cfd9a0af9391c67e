"""
Important queries: who looked at which records, and under which conditions (A5.1).

    permits = audit_query(Permit.objects.filter(**conditions), conditions=conditions)
    page = Paginator(permits, 20).get_page(number)      # recorded when rows are fetched

    note_look(Permit, rows=page.object_list, found=page.paginator.count,
              conditions=conditions)                    # or told by hand, once

What was shown is recorded when it is fetched, by one INSERT, whether or not the request
writes anything else. Counting is not looking: `count()` and `exists()` record nothing.
The conditions are encrypted in the event; keys are the first of those seen.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, Final, TypeVar

from asgiref.sync import sync_to_async

from django.db.models import Model, QuerySet

from jtsec.audit.api import record
from jtsec.audit.policies.api import wants
from jtsec.core.context import current

from .arguments import shown
from .conditions import conditions_of
from .events import RecordsViewed

Q = TypeVar("Q", bound=QuerySet[Any])

MOST_KEYS: Final = 100
"""Records that one event names."""


def audit_query(rows: Q, *, conditions: Mapping[str, Any] | None = None) -> Q:
    """
    Return a queryset that records what is fetched through it.

    Slices, filters and copies made of it record too; each fetch is one event.

    Args:
        rows: a queryset of any class.
        conditions: what was asked for, in the words of who asked; None for what the
            queryset says itself, where the text behind an encrypted field is lost.
    """
    seen: Any = rows._chain()  # type: ignore[attr-defined]  # what every method of it starts with
    cls: type[QuerySet[Any]] = type(seen)
    seen.__class__ = _recording(cls)
    seen.jtsec_conditions = conditions
    return seen  # type: ignore[no-any-return]  # a subclass of its class


def note_look(
    model: type[Model],
    *,
    rows: Iterable[Any] = (),
    found: int | None = None,
    conditions: Mapping[str, Any] | None = None,
) -> None:
    """
    Record that somebody looked at records (clause A5.1).

    Args:
        model: of what.
        rows: the records, or their primary keys.
        found: how many there were in all; None for as many as `rows`.
        conditions: what was asked for.

    Raises:
        AuditUnavailable: it could not be recorded; nothing must be shown.
    """
    label = model._meta.label_lower
    if not wants(f"query:{label}", current().actor):
        return
    keys = [_key(row) for row in rows]
    one = len(keys) == 1 and not conditions
    told = {name: shown(value) for name, value in (conditions or {}).items()}
    record(
        RecordsViewed(
            resource=f"{label}:{keys[0]}" if one else label,
            found=len(keys) if found is None else found,
            keys=tuple(keys[:MOST_KEYS]),
            conditions=told or None,
        )
    )


class Recording(QuerySet[Any]):
    """Is mixed into a queryset's own class by `audit_query`."""

    jtsec_conditions: Mapping[str, Any] | None = None

    def iterator(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Yield rows, each batch recorded before the first of it is given out."""
        rows = super().iterator(*args, **kwargs)
        while batch := list(islice(rows, MOST_KEYS)):
            self._jtsec_note(batch)
            yield from batch

    async def aiterator(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        """Do the same for coroutines."""
        batch: list[Any] = []
        async for row in super().aiterator(*args, **kwargs):
            batch.append(row)
            if len(batch) == MOST_KEYS:
                await sync_to_async(self._jtsec_note)(batch)
                for one in batch:
                    yield one
                batch = []
        if batch:
            await sync_to_async(self._jtsec_note)(batch)
            for one in batch:
                yield one

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new:
            self._jtsec_note(self._result_cache)

    def _clone(self) -> Any:
        copied: Any = super()._clone()  # type: ignore[misc]  # what every method starts with
        copied.jtsec_conditions = self.jtsec_conditions
        return copied

    def _jtsec_note(self, rows: Any) -> None:
        conditions = self.jtsec_conditions
        if conditions is None:
            conditions = conditions_of(self.query)
        is_keyed = self._fields is None  # type: ignore[attr-defined]  # set by values()
        note_look(
            self.model,
            rows=rows if is_keyed else (),
            found=len(rows),
            conditions=conditions,
        )


@cache
def _recording(cls: type[QuerySet[Any]]) -> type[QuerySet[Any]]:
    if issubclass(cls, Recording):
        return cls
    return type(f"Recorded{cls.__name__}", (Recording, cls), {})


def _key(row: Any) -> str:
    # Not only of instances: what stands for a row that failed its check has a key.
    return str(getattr(row, "pk", row))
