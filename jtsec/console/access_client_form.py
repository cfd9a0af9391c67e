"""What is typed to register a terminal or service that signs its requests."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import functions
from jtsec.rest.models import ClientKind

from .confirming import ConfirmedForm
from .grant_fields import MomentField, WordsField


class ClientForm(ConfirmedForm):
    """Whose key it is, what it may call, from where, and until when."""

    code = forms.CharField(
        label=_("Client code"),
        max_length=40,
        help_text=_("Small letters, digits and hyphens; never given out again."),
    )
    name = forms.CharField(label=_("Name of the client"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind of client"), choices=ClientKind.choices)
    account = forms.CharField(
        label=_("Login name of the account that answers for it"), max_length=150
    )
    networks = WordsField(label=_("Networks or addresses"))
    valid_until = MomentField(label=_("Valid until"))
    public_key = forms.CharField(
        label=_("SM2 public key (PEM)"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("The private key stays where it was made, and is never typed."),
    )
    rights = forms.MultipleChoiceField(
        label=_("Functions it may call"), widget=forms.CheckboxSelectMultiple
    )
    field_order = (
        *("code", "name", "kind", "account", "networks", "valid_until"),
        *("public_key", "rights", "reason", "password"),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        field: Any = self.fields["rights"]
        field.choices = [
            (one.right, one.title or one.right)
            for one in functions()
            if one.duty == "business"
        ]
