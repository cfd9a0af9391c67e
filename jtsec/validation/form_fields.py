"""
A field of a form that returns the normal form of what was typed.

    class VehicleForm(forms.Form):
        plate = CheckedCharField(label="号牌号码", checked_by=check_plate)

`cleaned_data["plate"]` is 京A12345 whether it was typed with a dot, in small letters or
with spaces around: one vehicle, one spelling, in the database and in every search.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms

from .validator import Check, normal_form

TYPED_LIMIT: Final = 64
"""Room for spaces, dots and a country before the number; the check counts the rest."""


class CheckedCharField(forms.CharField):
    """
    Asks for a text of one format.

    Args:
        checked_by: one of the checks, such as `check_plate`.
        max_length: of what is typed; the check limits the normal form.
        kwargs: those of `CharField`.
    """

    def __init__(
        self, *, checked_by: Check, max_length: int = TYPED_LIMIT, **kwargs: Any
    ) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.checked_by = checked_by

    def clean(self, value: Any) -> Any:
        """
        Return the normal form; what stands for nothing where nothing was typed.

        Raises:
            ValidationError: it is malformed, or missing though required.
        """
        text = super().clean(value)
        if text in self.empty_values:
            return text
        return normal_form(self.checked_by, text)
