"""What is typed to give a role: which, where, and until when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jtsec.access.models import Role
from jtsec.identity.models import Identity

from .confirming import ConfirmedForm
from .grant_fields import MomentField, OfficeField


class AssignForm(ConfirmedForm):
    """Which role, where, and until when."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    organisation = OfficeField()
    with_below = forms.BooleanField(
        label=gettext_lazy("With the organisations below it"),
        required=False,
        initial=True,
    )
    valid_from = MomentField(label=gettext_lazy("Valid from"))
    valid_until = MomentField(label=gettext_lazy("Valid until"))
    field_order = ("role", "organisation", "valid_from", "valid_until", "with_below")

    def __init__(self, person: Identity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = Role.objects.filter(ended_at=None, duty=person.duty).order_by("code")
        choices = [(one.code, f"{one.name} ({one.code})") for one in roles]
        field: Any = self.fields["role"]
        field.choices = [("", "–"), *choices]
