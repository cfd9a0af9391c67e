"""Which functions a list shows, and how it calls them."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy

from jtsec.access.api import ListedFunction
from jtsec.access.models import Role
from jtsec.identity.models import Duty

from .function_marks import Mark


@dataclass(frozen=True)
class Line:
    """A function as the list shows it."""

    listed: ListedFunction
    duty: str
    marks: tuple[Mark, ...]
    roles: tuple[Role, ...]


class FunctionSearch(forms.Form):
    """Which functions the list shows."""

    duty = forms.ChoiceField(
        label=gettext_lazy("Duty"),
        required=False,
        choices=[("", gettext_lazy("Any")), *Duty.choices],
    )
    text = forms.CharField(
        label=gettext_lazy("Function or right"), required=False, max_length=100
    )
    unguarded = forms.BooleanField(
        label=gettext_lazy("Only those that no view asks for"), required=False
    )
    ungiven = forms.BooleanField(
        label=gettext_lazy("Only those that no role gives"), required=False
    )

    def keeps(self, line: Line) -> bool:
        """Answer whether a line is among what was asked for."""
        asked = self.cleaned_data
        one = line.listed.function
        text = asked["text"].strip().casefold()
        return (
            asked["duty"] in ("", one.duty)
            and text in f"{one.right} {one.title}".casefold()
            and not (asked["ungiven"] and (line.roles or one.by_duty))
            and not (asked["unguarded"] and line.listed.views)
        )
