"""What is typed about organisations and users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.identity.models import Duty, Organization

from .confirming import ConfirmedForm
from .grant_fields import MomentField

NAME_LENGTH: Final = 100
YES: Final = "yes"
NO: Final = "no"


class PlaceField(forms.ChoiceField):
    """One organisation in use, by its code."""

    def __init__(self, *, empty: Any = "–", **kwargs: Any) -> None:
        self.empty = empty
        super().__init__(**kwargs)

    def offer(self, *, without: str = "") -> None:
        """Offer the organisations there are now; asked when a form is made."""
        rows = Organization.objects.filter(is_active=True).exclude(code=without)
        codes = rows.order_by("code").values_list("code", "name")
        self.choices = [
            ("", self.empty),
            *((code, f"{name} {code}") for code, name in codes),
        ]


class OrganisationForm(ConfirmedForm):
    """An organisation that is changed."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=NAME_LENGTH)
    parent = PlaceField(
        label=_("superior organisation"), required=False, empty=_("At the top")
    )
    field_order: Iterable[str] | None = ("name", "parent", "reason", "password")

    def __init__(self, *args: Any, without: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.offer(without=without)

    def superior(self) -> Organization | None:
        """Return the organisation it is to stand under."""
        return Organization.objects.filter(code=self.cleaned_data["parent"]).first()


class NewOrganisationForm(OrganisationForm):
    """A new organisation."""

    code = forms.CharField(
        label=_("Organisation code"),
        max_length=12,
        help_text=_("12 digits; it never changes."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ("code", "name", "parent", "reason", "password")


class PersonForm(forms.Form):
    """The particulars of a person, as the verbs of identity want them."""

    username = forms.CharField(label=_("Login name"), max_length=150)
    name = forms.CharField(label=pgettext_lazy("jtsec", "Name"), max_length=50)
    resident_id = forms.CharField(
        label=_("Resident ID number"),
        max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_police = forms.ChoiceField(
        label=_("Kind of person"),
        choices=[
            ("", "–"),
            (YES, pgettext_lazy("jtsec person", "Police officer")),
            (NO, pgettext_lazy("jtsec person", "Not a police officer")),
        ],
    )
    number = forms.CharField(
        label=_("Police or employee number"),
        max_length=64,
        help_text=_("The police number of an officer, else the employee number."),
    )
    organisation = PlaceField(label=_("Organisation"))
    duty = forms.ChoiceField(
        label=_("Duty"),
        choices=[("", "–"), *Duty.choices],
        help_text=_("Exactly one; it decides which functions can be given."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation: Any = self.fields["organisation"]
        organisation.offer()

    def own_fields(self) -> list[str]:
        """Return the names of the particulars the form has."""
        return [name for name in PersonForm.base_fields if name in self.fields]

    def particulars(self) -> dict[str, Any]:
        """Return what was typed, typed as the verbs want it."""
        known = {name: self.cleaned_data[name] for name in self.own_fields()}
        return {**known, "is_police": known["is_police"] == YES}


class RegistrationForm(PersonForm, ConfirmedForm):
    """Somebody new."""

    valid_until = MomentField(
        label=_("Valid until"), help_text=_("Empty for no end of the account.")
    )
    field_order = (*PersonForm.base_fields, "valid_until", "reason", "password")


class ChangeForm(PersonForm, ConfirmedForm):
    """Somebody known; the ID number is not shown, and stays where none is typed."""

    field_order = (*PersonForm.base_fields, "reason", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A duty is changed by an application; see the page of its own.
        del self.fields["duty"]
        self.fields["resident_id"].required = False
        self.fields["resident_id"].help_text = str(
            _("Not shown here; left empty it stays as it is.")
        )

    def changes(self) -> dict[str, Any]:
        """Return what is different from before."""
        typed = self.particulars()
        if not typed["resident_id"]:
            del typed["resident_id"]
        before = {**self.initial, "is_police": self.initial["is_police"] == YES}
        return {name: value for name, value in typed.items() if value != before[name]}


class DutyForm(ConfirmedForm):
    """What somebody is to be there for."""

    duty = forms.ChoiceField(
        label=_("New duty"),
        choices=[("", "–"), *Duty.choices],
        help_text=_("Exactly one; it decides which functions can be given."),
    )
    field_order = ("duty", "reason", "password")


class ActivationForm(ConfirmedForm):
    """Until when an account is to be used again."""

    until = MomentField(
        label=_("Valid until"), help_text=_("Empty for no end of the account.")
    )
    field_order = ("until", "reason", "password")


class ValidityForm(ConfirmedForm):
    """From when to when an account is valid."""

    valid_from = MomentField(label=_("Valid from"))
    valid_until = MomentField(label=_("Valid until"))
    field_order = ("valid_from", "valid_until", "reason", "password")
