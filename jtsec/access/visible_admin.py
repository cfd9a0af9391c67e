"""
Scoped models in Django's admin: lists, pages and choices hold what a person may see.

A row is changed and deleted where the right to do that reaches it, and put where it
reaches, whoever may see it elsewhere (clauses A4.1, A4.6).

    @admin.register(Permit)
    class PermitAdmin(VisibleInAdmin, admin.ModelAdmin):
        right = "permits.query_permit"      # by default the permission to view
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_permission_codename
from django.http import HttpRequest

from .attempts import note_attempts
from .decision import decide
from .reach_of_people import reach_of_user
from .requiring import require
from .scope import scope_of
from .scoped_rows import narrowed
from .unscoped import in_the_know
from .visible_formsets import visible_formset


class VisibleInAdmin:
    """Mixin for a `ModelAdmin` or an inline of a scoped model; stands before it."""

    right: str = ""
    """The right to see by; "" for the permission to view the model."""

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the rows the person may see."""
        rows = super().get_queryset(request)  # type: ignore[misc]  # of the admin
        right = self.right or _viewing(self.model)  # type: ignore[attr-defined]  # of the admin
        return narrowed(rows, reach_of_user(request.user, right))

    def has_add_permission(self, request: HttpRequest, *beneath: Any) -> bool:
        """Answer whether a row may be added, in an inline beneath this one."""
        allowed: bool = super().has_add_permission(request, *beneath)  # type: ignore[misc]  # of the admin
        return allowed and self._reaches(request, "add", *beneath)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Answer whether this row may be changed, and not only some."""
        allowed: bool = super().has_change_permission(request, obj)  # type: ignore[misc]  # of the admin
        return allowed and self._reaches(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Answer whether this row may be deleted, and not only some."""
        allowed: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]  # of the admin
        return allowed and self._reaches(request, "delete", obj)

    def save_model(
        self, request: HttpRequest, obj: Any, form: Any, change: Any
    ) -> None:
        """
        Save a row that the right reaches, as it was and as it is to be.

        Raises:
            Refused: it is another organisation's, or is about to be; recorded.
        """
        former = self.get_queryset(request).filter(pk=obj.pk) if change else ()
        self.require_reach(request, "change" if change else "add", *former, obj)
        super().save_model(request, obj, form, change)  # type: ignore[misc]  # of the admin

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the formset of a list that is edited in place."""
        made = super().get_changelist_formset(request, **kwargs)  # type: ignore[misc]  # of the admin
        return visible_formset(made, self, request)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return the formset of an inline."""
        made = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]  # of the inline
        return visible_formset(made, self, request)

    def require_reach(self, request: HttpRequest, action: str, *rows: Any) -> None:
        """
        Return if the right to do something reaches some rows.

        Raises:
            Refused: it does not reach one of them; recorded.
        """
        right = _right(self.model, action)  # type: ignore[attr-defined]  # of the admin
        for row in rows:
            if not decide(request.user, right, row):
                require(request, right, row)

    def _reaches(self, request: HttpRequest, action: str, obj: Any = None) -> bool:
        right = _right(self.model, action)  # type: ignore[attr-defined]  # of the admin
        return obj is None or decide(request.user, right, obj).allowed

    def get_object(self, request: HttpRequest, object_id: str, *args: Any) -> Any:
        """Return the row of a page; one that is out of reach is recorded."""
        found = super().get_object(request, object_id, *args)  # type: ignore[misc]  # of the admin
        if found is None:
            model = self.model  # type: ignore[attr-defined]  # of the admin
            right = self.right or _viewing(model)
            note_attempts(
                model._default_manager.all(), request.user, right, pk=object_id
            )
        return found

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer, of another scoped model, the rows the person may see."""
        model = db_field.remote_field.model
        if "queryset" not in kwargs and scope_of(model) is not None:
            reach = reach_of_user(request.user, _viewing(model))
            kwargs["queryset"] = narrowed(model._default_manager.all(), reach)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]  # of the admin

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Name what would go with the rows, whoever may see it; it would be gone."""
        rows = list(objs)
        with in_the_know():
            return super().get_deleted_objects(rows, request)  # type: ignore[misc]  # of the admin


def _viewing(model: Any) -> str:
    return _right(model, "view")


def _right(model: Any, action: str) -> str:
    meta = model._meta
    return f"{meta.app_label}.{get_permission_codename(action, meta)}"
