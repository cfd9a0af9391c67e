"""
A column that holds the normal form of one format, and nothing else.

    class Vehicle(models.Model):
        plate = CheckedCharField("号牌号码", max_length=9, checked_by=check_plate)

Django asks validators only in `full_clean()`: what a program saves goes past them. This
column is held to its format on every write of the ORM (save, create, bulk_create,
update, bulk_update); what is malformed raises, and nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from . import form_fields
from .validator import Check, CheckedBy, normal_form

if TYPE_CHECKING:
    _CharField = models.CharField[Any, Any]
else:  # takes no parameters at run time
    _CharField = models.CharField


class CheckedCharField(_CharField):
    """
    Holds a text of one format in its normal form.

    Args:
        checked_by: one of the checks, or a project's own: a function of a module,
            so that migrations can name it.
        args: those of `CharField`.
        kwargs: those of `CharField`; `max_length` is that of the normal form.
    """

    def __init__(self, *args: Any, checked_by: Check, **kwargs: Any) -> None:
        self.checked_by = checked_by
        # For what asks a model's validators and no more, as serializers do.
        self.default_validators = [CheckedBy(checked_by)]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what a migration writes down."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"checked_by": self.checked_by}

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """
        Return the normal form, which `full_clean()` puts into the object.

        Raises:
            ValidationError: it is malformed.
        """
        if isinstance(value, str) and value:
            value = normal_form(self.checked_by, value)
        return super().clean(value, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """
        Return the normal form, and leave it in the object that is saved.

        Raises:
            InputError: it is malformed; nothing is written.
        """
        value = self._normal(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """
        Return what is written; every write of the ORM comes through here.

        Raises:
            InputError: it is malformed; nothing is written.
        """
        return super().get_db_prep_save(self._normal(value), connection)

    def formfield(self, **kwargs: Any) -> Any:
        """Return a field for forms that returns the normal form too."""
        if self.choices is not None:
            return super().formfield(**kwargs)
        # Of what is typed; the shorter normal form is this column's matter.
        typed = max(form_fields.TYPED_LIMIT, self.max_length or 0)
        own: dict[str, Any] = {
            "form_class": form_fields.CheckedCharField,
            "checked_by": self.checked_by,
            "max_length": typed,
        }
        return super().formfield(**own | kwargs)

    def _normal(self, value: Any) -> Any:
        """Return the normal form of a text; what is none or an expression, as it is."""
        if isinstance(value, str) and value:
            return self.checked_by(value, self.name or "")
        return value
