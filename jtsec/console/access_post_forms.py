"""What is typed about posts and clearances."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jtsec.access.api import posts
from jtsec.identity.models import Identity

from .confirming import ConfirmedForm


class AppointForm(ConfirmedForm):
    """Which post."""

    post = forms.ChoiceField(label=gettext_lazy("Post"))
    field_order = ("post",)

    def __init__(self, person: Identity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["post"]
        offered = [one for one in posts().values() if one.duty == person.duty]
        field.choices = [("", "–"), *((one.code, one.title) for one in offered)]


class ClearanceForm(ConfirmedForm):
    """Up to which sensitivity."""

    clearance = forms.IntegerField(
        label=gettext_lazy("Clearance"), min_value=0, max_value=100
    )
    field_order = ("clearance",)
