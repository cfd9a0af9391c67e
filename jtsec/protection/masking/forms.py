"""
Forms that show masked values, and keep what is stored where nobody changed them.

    class OwnerForm(MaskedForm, forms.ModelForm): ...

A field is filled with its masked value. Sent back as it is, or emptied where it may not
be empty, it means "unchanged"; a new value replaces the stored one; stars that are not
those shown are refused, or a name would be lost to its own mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext as _

from jtsec.core.masking import STAR, MaskedText

from .declaration import masking_of

if TYPE_CHECKING:
    _Form = ModelForm[Any]
else:
    _Form = object  # it stands before the project's own form


class MaskedForm(_Form):
    """Masks the fields of a `ModelForm` whose model declares them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.masked: dict[str, MaskedText] = {}
        stored = self.instance
        for name in masking_of(type(stored)).fields:
            if name not in self.fields or stored.pk is None:
                continue
            self.masked[name] = masking_of(type(stored)).masked(
                name, getattr(stored, name)
            )
            self.initial[name] = str(self.masked[name])

    def _clean_fields(self) -> None:
        """Take stored values for those that came back masked, before validators."""
        super()._clean_fields()  # type: ignore[misc]  # Django's own, without a stub
        for name in masking_of(type(self.instance)).fields:
            if name in self.fields:
                self._take_over(name)

    def _take_over(self, name: str) -> None:
        if self._is_unchanged(name):
            self.errors.pop(name, None)
            self.cleaned_data[name] = getattr(self.instance, name)
        elif STAR in str(self[name].data):
            self.errors.pop(name, None)
            message = _("Write the whole value, without stars.")
            self.add_error(name, ValidationError(message, code="masked"))

    @property
    def changed_data(self) -> list[str]:
        """Return the fields that were changed; a mask sent back is no change."""
        return [name for name in super().changed_data if not self._is_unchanged(name)]

    def _is_unchanged(self, name: str) -> bool:
        """Answer whether what was sent stands for the stored value."""
        if name not in self.masked:
            return False
        sent = str(self[name].data or "").strip()
        return sent == self.masked[name] or (not sent and self.fields[name].required)
