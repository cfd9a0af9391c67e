"""
Models whose rows belong to organisations, or bear labels (clauses A4.1, A4.6, A4.14).

    class Permit(ScopedModel):
        organisation = models.ForeignKey("jtsec.Organization", models.PROTECT)
        label = LabelField()

        SCOPE = RowScope(organisation="organisation", label="label")

    Permit.objects.visible_to(request.user, "permits.query_permit").filter(...)

In a request, rows come out for whom they were asked, or `NotScoped` is raised: see
`row_statements`. A relation followed from a row that somebody sees shows what the same
person sees by the same right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.db.models.query import ModelIterable
from django.db.models.signals import class_prepared

from . import row_statements
from .scope import Reach, RowScope, field_at, scope_of
from .scope_condition import (
    AskedForAll,
    InReach,
    bound_aliases,
    in_reach,
    in_reach_through,
)
from .unscoped import NotScoped, holding, in_the_know, is_demanded

if TYPE_CHECKING:
    from django.db.models.sql import Query

M = TypeVar("M", bound=models.Model)
Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def visible_to(
    rows: Rows, user: Any, right: str, *, through: Collection[str] = ()
) -> Rows:
    """
    Return those of some rows that somebody may see by a right.

    Args:
        rows: a queryset of any class, of any model.
        user: whose name it is asked in.
        right: the right; where the person may not use it now, there are no rows.
        through: relations whose rows come along by a join and are scoped
            themselves, such as "vehicle"; a row without one stays.
    """
    from .reach_of_people import reach_of_user  # noqa: PLC0415 - needs the apps

    return narrowed(rows, reach_of_user(user, right), through)


def narrowed(rows: Rows, reach: Reach, through: Collection[str] = ()) -> Rows:
    """Return those of some rows that are within a reach."""
    scope = scope_of(rows.model)
    if scope is not None:
        rows = rows.filter(*in_reach(rows.model, scope, reach))
    for path in through:
        model = field_at(rows.model, path).related_model
        there = scope_of(model)
        if there is not None:
            rows = rows.filter(*in_reach_through(path, model, there, reach))
    return rows


class ScopedIterable(ModelIterable):  # type: ignore[type-arg]  # takes none at run time
    """Lets each row know in whose name it came out, for the relations it leads to."""

    def __iter__(self) -> Iterator[Any]:
        reach = reach_in(self.queryset.query)
        for row in super().__iter__():
            row._state.jtsec_reach = reach
            yield row


class ScopedQuerySet(models.QuerySet[M]):
    """Gives rows in somebody's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._iterable_class = ScopedIterable

    def visible_to(
        self, user: Any, right: str, *, through: Collection[str] = ()
    ) -> ScopedQuerySet[M]:
        """Return the rows that somebody may see by a right; see `visible_to`."""
        return visible_to(self, user, right, through=through)

    def unscoped(self, reason: str) -> ScopedQuerySet[M]:
        """
        Return all rows, for a reason that is recorded.

        Args:
            reason: why this page needs what nobody was given.

        Raises:
            ValueError: there is no reason.
            AuditUnavailable: it could not be recorded.
        """
        from .row_events import note_unscoped  # noqa: PLC0415 - needs the apps

        note_unscoped(self.model._meta.label_lower, reason)
        return self.filter(AskedForAll(reason))

    def delete(self) -> tuple[int, dict[str, int]]:
        """
        Delete the rows and what hangs on them.

        Raises:
            NotScoped: in a request, of rows nobody is named for.
        """
        if is_demanded() and not is_bound(self.query):
            raise NotScoped(self.model._meta.label)
        with in_the_know():
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates
    delete.queryset_only = True  # type: ignore[attr-defined]  # not on the manager

    def _add_hints(self, **hints: Any) -> None:
        """Stay within the reach of the row whose relation is followed."""
        super()._add_hints(**hints)  # type: ignore[misc]  # Django's own seam
        stay_with(self.query, self.model, hints.get("instance"))


class ScopedManager(models.Manager[M]):
    """Gives querysets that are asked in somebody's name."""

    def get_queryset(self) -> ScopedQuerySet[M]:
        """Return all rows, to be narrowed to somebody's."""
        hints: dict[str, Any] = self._hints  # type: ignore[attr-defined]  # Django's own
        rows: ScopedQuerySet[M] = ScopedQuerySet(
            self.model, using=self._db, hints=hints
        )
        stay_with(rows.query, self.model, hints.get("instance"))
        return rows

    def visible_to(
        self, user: Any, right: str, *, through: Collection[str] = ()
    ) -> ScopedQuerySet[M]:
        """Return the rows that somebody may see by a right; see `visible_to`."""
        return self.get_queryset().visible_to(user, right, through=through)

    def unscoped(self, reason: str) -> ScopedQuerySet[M]:
        """Return all rows, for a reason that is recorded."""
        return self.get_queryset().unscoped(reason)


class ScopedModel(models.Model):
    """
    Is the base of models whose rows are shown to those they are for.

    `SCOPE` says where a row names its organisation and its label.
    """

    SCOPE: ClassVar[RowScope]

    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """
        Save the row.

        In a request, what was loaded is changed, and what is new is inserted and
        nothing else: Django would overwrite another organisation's row when a form
        lets somebody choose the key.
        """
        if not is_demanded():
            super().save(*args, **kwargs)
            return
        if self._state.adding and not kwargs.get("update_fields"):
            kwargs.setdefault("force_insert", (models.Model,))
        with holding(self._own_keys()):
            super().save(*args, **kwargs)
        self._state.jtsec_key = self.pk  # type: ignore[attr-defined]  # ours

    save.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """
        Delete the row and what hangs on it.

        Raises:
            NotScoped: in a request, of a row that was not loaded.
        """
        if is_demanded() and not self._own_keys():
            raise NotScoped(self._meta.label)
        with in_the_know():
            return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Load the row again that was loaded before."""
        with holding(self._own_keys()):
            super().refresh_from_db(*args, **kwargs)

    def validate_unique(self, *args: Any, **kwargs: Any) -> None:
        """See that no row has the same values; others' rows count too."""
        with in_the_know():
            super().validate_unique(*args, **kwargs)

    def validate_constraints(self, *args: Any, **kwargs: Any) -> None:
        """See that no constraint is broken; others' rows count too."""
        with in_the_know():
            super().validate_constraints(*args, **kwargs)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        """Return a loaded row, which remembers its key."""
        row = super().from_db(*args, **kwargs)
        row._state.jtsec_key = row.pk  # type: ignore[attr-defined]  # ours
        return row

    def _own_keys(self) -> list[tuple[str, Any]]:
        """Return the keys of a loaded row; none where it was given another one."""
        if self._state.adding or getattr(self._state, "jtsec_key", self.pk) != self.pk:
            return []
        parents = [one._meta.label for one in self._meta.all_parents]
        concrete: Any = self._meta.concrete_model
        return [(label, self.pk) for label in (concrete._meta.label, *parents)]


def is_bound(query: Query) -> bool:
    """Answer whether all rows of a query are bound by a condition of ours."""
    query.get_initial_alias()
    return query.base_table in bound_aliases(query.where)


def reach_in(query: Query) -> Reach | None:
    """Return in whose name a query is asked, None for nobody's."""
    for node in query.where.children:
        condition = getattr(node, "lhs", None)
        if isinstance(condition, InReach):
            return condition.reach
    return None


def stay_with(query: Query, model: type[models.Model], row: Any) -> None:
    """Bind a query to the reach in which a row came out, where it did."""
    reach = getattr(getattr(row, "_state", None), "jtsec_reach", None)
    scope = scope_of(model)
    if reach is None or scope is None or not is_demanded():
        return
    from .reach_of_people import is_of_who_acts  # noqa: PLC0415 - needs the apps

    # A row that a cache kept for somebody else gives nobody that one's eyes.
    if is_of_who_acts(reach) and not is_bound(query):
        query.add_q(models.Q(*in_reach(model, scope, reach)))


def _guard(sender: type[models.Model], **kwargs: Any) -> None:
    """Guard a model as soon as it is declared."""
    if not issubclass(sender, ScopedModel) or sender._meta.proxy:
        return
    if sender.__module__ != "__fake__":
        row_statements.guard(sender)


class_prepared.connect(_guard, dispatch_uid="jtsec.access.scoped_rows")
