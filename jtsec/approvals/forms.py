"""
What is typed on the pages of approvals.

Whoever decides, or lets somebody decide, types their password again: a verdict sets a
change loose that somebody else prepared, and a session left open is nobody's verdict.
Withdrawing one's own application sets nothing loose.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.authentication.api import PasswordAgain

from .models import NOTE_LENGTH

APPROVE: Final = "approve"
REJECT: Final = "reject"
EXECUTE: Final = "execute"
WITHDRAW: Final = "withdraw"
REASON: Final = pgettext_lazy("jtsec act", "Reason")


def _line() -> forms.TextInput:
    """Return a line that no browser takes for the name beside the password."""
    return forms.TextInput({"autocomplete": "off"})


class VerdictForm(PasswordAgain):
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
    field_order = ("revision", "verdict", "note", "password")

    def __init__(self, user: Any, data: Any = None, **options: Any) -> None:
        super().__init__(user, data, **options)
        if self.data.get("verdict") == WITHDRAW:
            del self.fields["password"]


class BulkForm(PasswordAgain):
    """Several applications to be approved, each judged by itself."""

    note = forms.CharField(
        label=pgettext_lazy("jtsec approval", "Opinion"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=_line(),
    )
    field_order = ("note", "password")


class DelegationForm(PasswordAgain):
    """Who stands in, for what, until when and why."""

    to = forms.CharField(
        label=_("Login name of who stands in"), max_length=150, widget=_line()
    )
    kinds = forms.MultipleChoiceField(
        label=_("For applications of"), widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("Until and including"), widget=forms.DateInput({"type": "date"})
    )
    reason = forms.CharField(label=REASON, max_length=200, widget=_line())
    field_order = ("to", "kinds", "until", "reason", "password")

    def __init__(
        self, kinds: Iterable[tuple[str, Any]], user: Any, data: Any = None
    ) -> None:
        super().__init__(user, data)
        self.fields["kinds"].choices = list(kinds)  # type: ignore[attr-defined]  # a MultipleChoiceField

    def end(self) -> datetime:
        """Return the end of the last day, in the zone of the project."""
        day = datetime.combine(self.cleaned_data["until"], time(23, 59, 59))
        return timezone.make_aware(day)


class EndForm(PasswordAgain):
    """Why somebody stands in no longer."""

    reason = forms.CharField(label=REASON, max_length=200, widget=_line())
    field_order = ("reason", "password")
