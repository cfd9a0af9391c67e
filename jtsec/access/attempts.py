"""
One row for one person: found, or not found and written down why.

Somebody who changes the number in an address gets the same 404 whether the row is
another organisation's or does not exist; the audit knows the difference (A4.14).
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from .reach_of_people import reach_of_user
from .row_events import note_attempt
from .scope import OTHER_ORGANISATION, refusal_of, scope_of
from .scoped_rows import narrowed
from .unscoped import in_the_know

M = TypeVar("M", bound=Model)


def get_visible_or_404(
    rows: QuerySet[M] | type[M], user: Any, right: str, **lookup: Any
) -> M:
    """
    Return the one row somebody asks for, if it is theirs to see.

    Args:
        rows: a model, or a queryset of any class that is not narrowed yet.
        user: who asks.
        right: the right to see it by.
        lookup: which row, such as `number=number`.

    Raises:
        Http404: there is none, or it is out of reach; the latter is recorded.
        MultipleObjectsReturned: the lookup fits several visible rows.
    """
    asked: QuerySet[M] = (
        rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    )
    reach = reach_of_user(user, right)
    try:
        return narrowed(asked, reach).get(**lookup)
    except asked.model.DoesNotExist:  # type: ignore[attr-defined]  # of every model
        note_attempts(asked, user, right, **lookup)
    # A key of the wrong kind, typed into the address.
    except (ValueError, ValidationError):
        pass
    raise Http404(_("There is no such record."))


def note_attempts(rows: QuerySet[Any], user: Any, right: str, **lookup: Any) -> None:
    """Write down that somebody asked for a row that is there and out of reach."""
    try:
        with in_the_know():
            row = rows.filter(**lookup).first()
    # A key of the wrong kind, typed into the address.
    except (ValueError, ValidationError):
        return
    if row is None:
        return
    reach, scope = reach_of_user(user, right), scope_of(rows.model)
    reason = refusal_of(scope, reach, row) if scope else ""
    note_attempt(row, right, reason or OTHER_ORGANISATION)


class VisibleRows:
    """
    Mixin for class-based views, of Django or of the REST framework.

        class PermitView(VisibleRows, DetailView):
            model = Permit
            right = "permits.query_permit"

    Stands before the view. Lists hold what the person may see; a single row out of
    reach is a 404 and an event.
    """

    right: str
    """The right to see by."""

    def get_queryset(self) -> Any:
        """Return the rows the person may see."""
        rows = super().get_queryset()  # type: ignore[misc]  # of the view
        self._asked = rows
        return narrowed(rows, reach_of_user(self.request.user, self.right))  # type: ignore[attr-defined]  # of the view

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """Return the row the address names, if the person may see it."""
        try:
            return super().get_object(*args, **kwargs)  # type: ignore[misc]  # of the view
        except Http404:
            self._note()
            raise

    def _note(self) -> None:
        """Find what was asked for: by pk or slug, or by the framework's field."""
        view: Any = self
        name = getattr(view, "lookup_url_kwarg", None) or getattr(
            view, "lookup_field", getattr(view, "pk_url_kwarg", "pk")
        )
        field = getattr(view, "lookup_field", "pk")
        if name not in view.kwargs and hasattr(view, "slug_url_kwarg"):
            name, field = view.slug_url_kwarg, view.get_slug_field()
        if name in view.kwargs and hasattr(self, "_asked"):
            lookup = {field: view.kwargs[name]}
            note_attempts(self._asked, view.request.user, self.right, **lookup)
