"""
Scoped models in Django's admin: lists, pages and choices hold what a person may see.

    @admin.register(Permit)
    class PermitAdmin(VisibleInAdmin, admin.ModelAdmin):
        right = "permits.query_permit"      # by default the permission to view
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_permission_codename
from django.http import HttpRequest

from .attempts import note_attempts
from .reach_of_people import reach_of_user
from .scope import scope_of
from .scoped_rows import narrowed
from .unscoped import in_the_know


class VisibleInAdmin:
    """Mixin for a `ModelAdmin` or an inline of a scoped model; stands before it."""

    right: str = ""
    """The right to see by; "" for the permission to view the model."""

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the rows the person may see."""
        rows = super().get_queryset(request)  # type: ignore[misc]  # of the admin
        right = self.right or _viewing(self.model)  # type: ignore[attr-defined]  # of the admin
        return narrowed(rows, reach_of_user(request.user, right))

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
    return f"{model._meta.app_label}.{get_permission_codename('view', model._meta)}"
