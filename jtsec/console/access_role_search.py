"""Which roles a list shows."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from jtsec.identity.models import Duty


class RoleSearch(forms.Form):
    """Which roles a list shows."""

    duty = forms.ChoiceField(
        label=gettext_lazy("Duty"),
        required=False,
        choices=[("", gettext_lazy("Any")), *Duty.choices],
    )
    text = forms.CharField(
        label=gettext_lazy("Role or code"), required=False, max_length=100
    )
    ended = forms.BooleanField(
        label=gettext_lazy("Those that have ended as well"), required=False
    )

    def condition(self) -> Q:
        """Return what was asked for."""
        asked = self.cleaned_data
        wanted = Q() if asked["ended"] else Q(ended_at=None)
        if asked["duty"]:
            wanted &= Q(duty=asked["duty"])
        if text := asked["text"].strip():
            wanted &= Q(name__icontains=text) | Q(code__startswith=text)
        return wanted
