"""Whose live sessions a list shows."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy


class FilterForm(forms.Form):
    """Whose sessions a list shows."""

    user = forms.CharField(
        label=gettext_lazy("User name, name or number"), required=False, max_length=100
    )
    address = forms.CharField(
        label=gettext_lazy("Address"), required=False, max_length=45
    )
    page = forms.IntegerField(
        required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput
    )

    def condition(self) -> Q:
        """Return what was asked for."""
        asked = self.cleaned_data
        condition = Q()
        if user := asked["user"].strip():
            condition &= (
                Q(user__jtsec_identity__login_name__istartswith=user)
                | Q(user__jtsec_identity__name__startswith=user)
                | Q(user__jtsec_identity__number=user)
            )
        if address := asked["address"].strip():
            condition &= Q(address__startswith=address)
        return condition
