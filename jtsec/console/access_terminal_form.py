"""What is typed to bind a terminal: what it is known by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.access.api import functions
from jtsec.identity.models import Identity

from .confirming import ConfirmedForm
from .grant_fields import MomentField, WordsField


class BindForm(ConfirmedForm):
    """What a terminal is known by; what is given must all fit."""

    right = forms.ChoiceField(label=gettext_lazy("For which function"), required=False)
    networks = WordsField(label=gettext_lazy("Networks or addresses"))
    terminal = forms.CharField(
        label=gettext_lazy("Terminal id or MAC"), required=False, max_length=64
    )
    certificate = forms.CharField(
        label=gettext_lazy("Certificate fingerprint"),
        required=False,
        max_length=8000,
        help_text=gettext_lazy("SHA-256 or SM3, or the certificate itself."),
    )
    valid_until = MomentField(label=gettext_lazy("Valid until"))
    field_order = ("right", "networks", "terminal", "certificate", "valid_until")

    def __init__(self, person: Identity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (one.right, f"{one.title or one.right} ({one.right})")
            for one in functions()
            if one.critical and one.duty == person.duty
        ]
        field: Any = self.fields["right"]
        field.choices = [("", _("Every critical function of the person")), *offered]
