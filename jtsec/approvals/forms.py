"""What is typed on the pages of approvals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import NOTE_LENGTH

APPROVE: Final = "approve"
REJECT: Final = "reject"
EXECUTE: Final = "execute"
WITHDRAW: Final = "withdraw"


class VerdictForm(forms.Form):
    """
    One verdict over one application.

    `revision` is the version that the page showed; sent again after any change, by
    who copied the form or kept it open, it is refused.
    """

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        choices=[(one, one) for one in (APPROVE, REJECT, EXECUTE, WITHDRAW)],
        widget=forms.HiddenInput,
    )
    note = forms.CharField(
        label=pgettext_lazy("jtsec approval", "Opinion"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("To reject, say why. It is kept with your name."),
    )


class BulkForm(forms.Form):
    """Several applications to be approved, each judged by itself."""

    note = forms.CharField(
        label=pgettext_lazy("jtsec approval", "Opinion"),
        required=False,
        max_length=NOTE_LENGTH,
    )


class DelegationForm(forms.Form):
    """Who stands in, for what, until when and why."""

    to = forms.CharField(label=_("Login name of who stands in"), max_length=150)
    kinds = forms.MultipleChoiceField(
        label=_("For applications of"), widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("Until and including"), widget=forms.DateInput({"type": "date"})
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(
        self, kinds: Iterable[tuple[str, Any]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = list(kinds)  # type: ignore[attr-defined]  # a MultipleChoiceField

    def end(self) -> datetime:
        """Return the end of the last day, in the zone of the project."""
        day = datetime.combine(self.cleaned_data["until"], time(23, 59, 59))
        return timezone.make_aware(day)
