"""
A list in which a row is not what was sealed: the others, and a sentence in its place.

    permits = telling_altered(Permit.objects.visible_to(user, QUERY))

    {% for permit in page %}{% if permit.is_altered %}{{ permit }}{% else %}…

Otherwise whoever alters one row by SQL takes every list away that it stands in, and
with it the work of all who need the others. Of the altered row nothing is handed on,
not even to who would ask for it: there is nothing to show, to link to or to act on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.utils.translation import gettext as _

from jtsec.core.exceptions import CannotVerify, ConfigurationError
from jtsec.fields.api import FieldAltered

from .alarms import alarmed
from .declaration import Plan, sealed_plan
from .exceptions import RowAltered, RowUnverifiable
from .rows import naming

Q = TypeVar("Q", bound="QuerySet[Any]")
FAULTS = (RowAltered, RowUnverifiable, FieldAltered, CannotVerify)


@dataclass(frozen=True, slots=True)
class AlteredRow:
    """
    Stands in a list for a row that failed its check; it has no value of the row.

    Args:
        resource: the row, "app.model:pk", as the event names it.
        pk: its primary key, for whoever counts or records what was listed.
        is_unverifiable: whether nothing can be said of it, as when a key is missing.
    """

    is_altered: ClassVar[bool] = True

    resource: str
    pk: Any
    is_unverifiable: bool = False

    def __str__(self) -> str:
        if self.is_unverifiable:
            return _("This record cannot be checked now, and is not shown.")
        return _(
            "This record failed its integrity check and is not shown. The "
            "administrators have been alarmed."
        )


class TellsAltered:
    """Mixes into a serializer: of an altered row it tells that, and nothing else."""

    def to_representation(self, instance: Any) -> Any:
        """Return the row, or what is said in its place."""
        if isinstance(instance, AlteredRow):
            return {"is_altered": True, "detail": str(instance)}
        return super().to_representation(instance)  # type: ignore[misc]  # of the serializer


def telling_altered(rows: Q) -> Q:
    """
    Return a queryset that gives an `AlteredRow` for each row that fails its check.

    The event and the alarm are those of every load. Slices, filters and copies made of
    it do the same; `iterator()` still stops at the first altered row, and a UNION does.

    Args:
        rows: a queryset of a sealed model that gives instances.

    Raises:
        ConfigurationError: the model is not sealed, or the rows are no instances,
            such as those of `values()`, which are not checked.
    """
    sealed_plan(rows.model)
    seen: Any = rows._chain()  # type: ignore[attr-defined]  # what every method of it starts with
    if ModelIterable not in seen._iterable_class.__mro__:
        raise ConfigurationError("rows of values() are not checked one by one")
    seen._iterable_class = _telling(seen._iterable_class)
    cls: type[QuerySet[Any]] = type(seen)
    seen.__class__ = _acting(cls)
    return seen  # type: ignore[no-any-return]  # of its class


class Telling(ModelIterable):  # type: ignore[type-arg]  # takes none at run time
    """Is mixed into a queryset's own way to make instances by `telling_altered`."""

    def __iter__(self) -> Iterator[Any]:
        if self.chunked_fetch or self.queryset.query.combinator:
            yield from super().__iter__()
            return
        try:
            whole = list(super().__iter__())
        except FAULTS as error:
            whole = list(_one_by_one(self.queryset, error))
        yield from whole


class Acting(QuerySet[Any]):
    """Mixed into a queryset's own class: what acts on rows stops at an altered one."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return the one row there is, or raise RowAltered for it."""
        if issubclass(self._iterable_class, Telling):
            return self._jtsec_plain().get(*args, **kwargs)
        return super().get(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows, or raise RowAltered for one of them."""
        if issubclass(self._iterable_class, Telling):
            found: tuple[int, dict[str, int]] = self._jtsec_plain().delete()
            return found
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates

    def _jtsec_plain(self) -> Any:
        rows: Any = self._chain()  # type: ignore[attr-defined]  # Django's own
        rows._iterable_class = rows._iterable_class.jtsec_plain
        return rows


@cache
def _acting(cls: type[QuerySet[Any]]) -> type[QuerySet[Any]]:
    if issubclass(cls, Acting):
        return cls
    return type(f"Telling{cls.__name__}", (Acting, cls), {})


@cache
def _telling(cls: type[Any]) -> type[Any]:
    if issubclass(cls, Telling):
        return cls
    return type(f"Telling{cls.__name__}", (Telling, cls), {"jtsec_plain": cls})


def _one_by_one(rows: Any, first: Exception) -> Iterator[Any]:
    """Yield the rows, each loaded by itself: of which one, a batch does not say."""
    plan = sealed_plan(rows.model)
    keys = rows.values_list("pk", flat=True)
    # Not through the queryset, which would record each as looked at by itself.
    for key in dict.fromkeys(keys._iterable_class(keys)):
        resource = plan.resource(key)
        if getattr(first, "resource", "") == resource:
            # Recorded a moment ago, when the batch stopped at it.
            yield AlteredRow(resource, key, isinstance(first, CannotVerify))
        else:
            yield from _load(plan, rows, key)


def _load(plan: Plan, rows: Any, key: Any) -> list[Any]:
    one = rows._chain()
    one.query.clear_limits()
    one = one.filter(pk=key)
    try:
        return list(rows._iterable_class.jtsec_plain(one))
    except (RowAltered, RowUnverifiable) as error:
        fault: Exception = error
    except (FieldAltered, CannotVerify) as error:
        fault = error
        # The column does not know its row, so its event names none.
        with suppress(RowAltered, RowUnverifiable), alarmed("load"), naming(plan, key):
            raise
    return [AlteredRow(plan.resource(key), key, isinstance(fault, CannotVerify))]
