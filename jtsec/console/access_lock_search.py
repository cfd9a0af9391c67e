"""Which locks a list shows."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from jtsec.authentication.api import list_blocks
from jtsec.authentication.models import Block, Dimension


class FilterForm(forms.Form):
    """Which locks a list shows."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("Both")), *Dimension.choices],
    )
    subject = forms.CharField(
        label=gettext_lazy("User or terminal"), required=False, max_length=100
    )
    history = forms.BooleanField(
        label=gettext_lazy("Those that have ended as well"), required=False
    )

    def blocks(self) -> QuerySet[Block]:
        """Return what was asked for."""
        asked = self.cleaned_data
        found = list_blocks(dimension=asked["kind"], with_history=asked["history"])
        if asked["subject"]:
            found = found.filter(subject__icontains=asked["subject"].strip())
        return found
