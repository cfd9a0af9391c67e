"""The fields that forms of giving something have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOMENT: Final = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A date with its time, as browsers offer it; empty for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Return the moment; of the first and last day of time some have no UTC."""
        moment: datetime | None = super().clean(value)
        try:
            if moment is not None and timezone.is_aware(moment):
                moment.astimezone(UTC)
        except OverflowError as error:
            invalid = self.error_messages["invalid"]
            raise ValidationError(invalid, code="invalid") from error
        return moment


class OfficeField(forms.CharField):
    """The code of an organisation, with suggestions beside the form."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Organisation code"),
            max_length=12,
            widget=forms.TextInput(
                attrs={"list": "jtsec-offices", "inputmode": "numeric"}
            ),
            **kwargs,
        )


class WordsField(forms.CharField):
    """Several values with spaces or commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Several with spaces between them."))
        super().__init__(required=False, max_length=4000, **kwargs)

    def clean(self, value: Any) -> list[str]:
        """Return the values, in their order."""
        text: str = super().clean(value)
        for comma in ",，;；、":
            text = text.replace(comma, " ")
        return text.split()

    def prepare_value(self, value: Any) -> Any:
        """Return a list as it is typed."""
        return " ".join(map(str, value)) if isinstance(value, list | tuple) else value
