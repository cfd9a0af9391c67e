"""
A field of a REST serializer that returns the normal form of what was sent.

    class VehicleSerializer(serializers.Serializer):
        plate = CheckedCharField(checked_by=check_plate)

Needs the extra `rest`. A `ModelSerializer` over a `model_fields.CheckedCharField`
refuses what is malformed without it.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError

from .form_fields import TYPED_LIMIT
from .validator import Check, normal_form

try:
    from rest_framework import serializers
except ImportError as missing:
    raise ImportError(
        "This field needs Django REST framework: pip install 'jtsec[rest]'"
    ) from missing


class CheckedCharField(serializers.CharField):
    """
    Takes a text of one format.

    Args:
        checked_by: one of the checks, such as `check_plate`.
        kwargs: those of `CharField`.
    """

    def __init__(self, *, checked_by: Check, **kwargs: Any) -> None:
        self.checked_by = checked_by
        super().__init__(**{"max_length": TYPED_LIMIT} | kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """
        Return the normal form.

        Raises:
            ValidationError: it is malformed; the code is that of the check.
        """
        text = super().run_validation(data)
        if not isinstance(text, str) or not text:
            return text
        try:
            return normal_form(self.checked_by, text)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages, error.code) from error

    def to_internal_value(self, data: Any) -> str:
        """
        Return a text; a number is no text here, since leading zeros are lost in it.

        Raises:
            ValidationError: it is none.
        """
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text
