"""What is typed on the pages of the alarms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.audit.alarms.api import (
    Alarm,
    AlarmFilter,
    Classification,
    Incident,
    Level,
    State,
    StepKind,
    known_rules,
)

ANY: Final = ("", _("Any"))
UNSETTLED: Final = ("unsettled", _("Not settled"))
TEXT_LENGTH: Final = 2000


class FilterForm(forms.Form):
    """Which alarms the list shows; stands in the address."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[UNSETTLED, *State.choices, ANY]
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[ANY, *Level.choices]
    )
    rule = forms.ChoiceField(label=_("Rule"), required=False)
    person = forms.CharField(label=_("User concerned"), required=False, max_length=150)
    overdue = forms.ChoiceField(
        label=_("Time to handle"),
        required=False,
        choices=[ANY, ("overdue", _("Overdue"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = sorted(known_rules().items(), key=lambda one: one[1])
        self.fields["rule"].choices = [ANY, *rules]  # type: ignore[attr-defined]  # a ChoiceField


def filter_of(asked: QueryDict, *, handed_over: bool) -> AlarmFilter:
    """
    Return the filter an address asks for; what is not settled when it asks nothing.

    Raises:
        InputError: a value is nonsense; names the field.
    """
    names = ("state", "level", "rule", "person", "overdue")
    values = {name: asked.get(name, "").strip() for name in names}
    if "state" not in asked:
        values["state"] = UNSETTLED[0]
    return AlarmFilter(**values, handed_over=handed_over)


class StepForm(forms.Form):
    """One step with an alarm; which there are depends on how it stands."""

    step = forms.ChoiceField(label=pgettext_lazy("jtsec alarm", "What to do"))
    to = forms.ChoiceField(label=_("Assign to"), required=False)
    note = forms.CharField(
        label=_("What was found and done"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(
        self, alarm: Alarm, people: Iterable[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = list(_steps(alarm))  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["to"].choices = [("", "–"), *people]  # type: ignore[attr-defined]  # a ChoiceField


def _steps(alarm: Alarm) -> Iterable[tuple[str, Any]]:
    """Yield what can be done: value and words."""
    yield StepKind.NOTED, _("Only add the note")
    if not alarm.is_open:
        return
    yield State.HANDLED, _("Close: handled")
    yield State.FALSE_ALARM, _("Close: false alarm")
    yield StepKind.ASSIGNED, _("Assign to the person below")
    if not alarm.is_handed_over:
        yield StepKind.HANDED_OVER, StepKind.HANDED_OVER.label


class IncidentFormFields(forms.Form):
    """The incident record of an alarm (clause P61)."""

    found_by = forms.CharField(label=_("Found by"), required=False, max_length=200)
    classification = forms.ChoiceField(
        label=_("Kind of incident"),
        required=False,
        choices=[("", "–"), *Classification.choices],
    )
    cause = forms.CharField(label=_("Cause"), required=False, widget=forms.Textarea)
    measures = forms.CharField(
        label=_("Measures"), required=False, widget=forms.Textarea
    )
    impact = forms.CharField(label=_("Impact"), required=False, widget=forms.Textarea)
    reported_to = forms.CharField(
        label=_("Reported to"),
        required=False,
        max_length=200,
        help_text=pgettext_lazy("jtsec incident", "To whom and when."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("cause", "measures", "impact"):
            self.fields[name].widget.attrs["rows"] = 3
            self.fields[name].max_length = TEXT_LENGTH  # type: ignore[attr-defined]  # a CharField

    def incident(self) -> Incident:
        """Return what was typed."""
        return Incident(**self.cleaned_data)
