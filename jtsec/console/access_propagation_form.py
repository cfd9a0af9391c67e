"""What is typed to let somebody pass a right on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jtsec.access.api import functions
from jtsec.access.conf import access_settings
from jtsec.identity.models import Identity

from .confirming import ConfirmedForm
from .grant_fields import MomentField, OfficeField


class GiveForm(ConfirmedForm):
    """Which right may be passed on, to whose people, through how many hands."""

    right = forms.ChoiceField(label=gettext_lazy("Function"))
    organisation = OfficeField()
    depth = forms.IntegerField(label=gettext_lazy("Depth"), min_value=0, initial=0)
    valid_until = MomentField(label=gettext_lazy("Valid until"))
    field_order = ("right", "organisation", "depth", "valid_until")

    def __init__(self, person: Identity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = access_settings().propagation_depth
        known: Any = self.fields
        known["depth"].help_text = _(
            "Through how many further hands it may go, at most %(most)d; 0: the "
            "person gives it for use only."
        ) % {"most": most}
        known["right"].choices = [
            ("", "–"),
            *(
                (one.right, f"{one.title or one.right} ({one.right})")
                for one in functions()
                if one.propagatable and one.duty == person.duty
            ),
        ]
