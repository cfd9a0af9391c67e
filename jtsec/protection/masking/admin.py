"""
Masked rows in a project's own admin (clause T7.2).

    @admin.register(Owner)
    class OwnerAdmin(MaskedAdmin): ...

Lists, forms, titles and the history show masked values, as other pages do. Search
fields still find whole values. Inlines are forms of other models: give theirs
`MaskedForm`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import NotRelationField, get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from .declaration import masking_of
from .forms import MaskedForm
from .shown import shown

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


class ShownChangeList(ChangeList):
    """Lists rows as who looks may see them."""

    def get_results(self, request: HttpRequest) -> None:
        """Fetch the rows of the page."""
        super().get_results(request)
        self.result_list: Any = [
            shown(row, request.user, _nothing) for row in self.result_list
        ]


class MaskedAdmin(_ModelAdmin):
    """Is a ModelAdmin that shows masked values."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """
        Return the list that masks its rows.

        Raises:
            ImproperlyConfigured: `list_editable` would show and write rows in full; a
                filter or a hierarchy of dates would offer the masked values of all.
        """
        if self.list_editable:
            raise ImproperlyConfigured(f"{type(self).__name__}: list_editable")
        for path in _offered(self.get_list_filter(request), self.date_hierarchy):
            if _is_masked(self.model, path):
                raise ImproperlyConfigured(
                    f"{type(self).__name__}: a filter offers {path} in clear"
                )
        return ShownChangeList

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        """Return the form, masked."""
        form = kwargs.pop("form", self.form)
        if not issubclass(form, MaskedForm):
            form = type(f"Masked{form.__name__}", (MaskedForm, form), {})
        return super().get_form(request, obj, change=change, form=form, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the row, where it is read only, and its title as it may be seen."""
        original = context.get("original")
        if original is not None:
            seen = shown(original, request.user, _nothing)
            context["original"] = seen
            # All is saved by now; what is left reads.
            context["adminform"].form.instance = seen
        return super().render_change_form(request, context, *args, **kwargs)


def _offered(filters: Iterable[Any], hierarchy: str | None) -> Iterator[str]:
    """Yield the fields whose values a list offers to choose from."""
    for one in (*filters, hierarchy):
        path, kind = one if isinstance(one, tuple | list) else (one, None)
        # That there is none, or some, is no value.
        if isinstance(path, str) and kind is not admin.EmptyFieldListFilter:
            yield path


def _is_masked(model: type[Model], path: str) -> bool:
    """Answer whether a path leads to a masked field, of this model or another."""
    try:
        found: Any = get_fields_from_path(model, path)[-1]
    except (FieldDoesNotExist, NotRelationField):
        return False  # a lookup of the project's own
    return found.name in masking_of(found.model).fields


def _nothing(name: str) -> None:
    return None
