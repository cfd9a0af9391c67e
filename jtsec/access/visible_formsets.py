"""
Formsets of the admin over scoped models: inlines, and lists that are edited in place.

Django lets each form find its row among all there are, which a request may not ask
for; here it finds it among those the formset shows. What is saved or deleted is
decided on row by row, as on a row's own page.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.forms import ModelChoiceField
from django.http import HttpRequest

from .unscoped import in_the_know


class Deciding(Protocol):
    """What a formset asks of the admin class that shows it."""

    def require_reach(self, request: HttpRequest, action: str, *rows: Any) -> None:
        """Return if the right to do something reaches some rows, or raise `Refused`."""


def visible_formset(made: type[Any], by: Deciding, request: HttpRequest) -> type[Any]:
    """
    Return a class of formsets that touches what a person's rights reach, and no more.

    Args:
        made: Django's own class, of an inline or of an edited list.
        by: the admin class.
        request: of the person.
    """

    class VisibleFormSet(made):  # type: ignore[misc]  # made at run time
        form = _visible_form(made.form)

        def add_fields(self, form: Any, index: Any) -> None:
            super().add_fields(form, index)
            key = form.fields.get(self.model._meta.pk.name)
            if isinstance(key, ModelChoiceField):
                key.queryset = self.get_queryset()

        def save_new(self, form: Any, commit: bool = True) -> Any:
            by.require_reach(request, "add", super().save_new(form, commit=False))
            return super().save_new(form, commit=commit)

        def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
            by.require_reach(request, "change", *self._former(obj), obj)
            return super().save_existing(form, obj, commit=commit)

        def delete_existing(self, obj: Any, commit: bool = True) -> None:
            # The form has put what was typed into it already.
            by.require_reach(request, "delete", *self._former(obj))
            super().delete_existing(obj, commit=commit)

        def _former(self, obj: Any) -> Any:
            return self.get_queryset().filter(pk=obj.pk)

    return VisibleFormSet


def _visible_form(made: type[Any]) -> type[Any]:
    """Return a form that names what would go with its row, whoever may see it."""

    class VisibleForm(made):  # type: ignore[misc]  # made at run time
        def hand_clean_DELETE(self) -> None:  # noqa: N802 - Django's name
            with in_the_know():
                super().hand_clean_DELETE()

    return VisibleForm
