"""What is typed about a role: its rights as boxes, and where its holders log in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.utils import dates
from django.utils.translation import gettext_lazy as _

from jtsec.access.api import Function, function_of, functions, permission_names
from jtsec.access.models import Role
from jtsec.authentication.models import Place
from jtsec.core.exceptions import InputError
from jtsec.identity.models import Duty

from .acting import ReasonForm, tell
from .grant_fields import MomentField, WordsField

WEEKDAYS: Final = (
    ("workdays", _("Working days by the calendar")),
    *((str(day + 1), name) for day, name in dates.WEEKDAYS.items()),
)
LIMITS: Final = (
    *("networks", "terminals", "places", "weekdays", "hours", "password_days"),
)
PLAIN: Final = ("name", "parents", "valid_from", "valid_until")
OWN_LABEL: Final = "jtsec"


class DutyForm(forms.Form):
    """Whose a new role is to be; it decides which functions are offered."""

    duty = forms.ChoiceField(label=_("Duty"), choices=Duty.choices)


class RoleForm(ReasonForm):
    """
    A role as it is to be.

    Args:
        duty: whose it is; only its functions are offered.
        role: the role that changes, None for a new one.
    """

    code = forms.CharField(
        label=_("Role code"),
        max_length=64,
        help_text=_("Small letters, digits, - and _; never changes."),
    )
    name = forms.CharField(label=_("Role name"), max_length=100)
    parents = forms.MultipleChoiceField(
        label=_("Builds on"), required=False, widget=forms.CheckboxSelectMultiple
    )
    valid_from = MomentField(label=_("Valid from"))
    valid_until = MomentField(label=_("Valid until"))
    rights = forms.MultipleChoiceField(label=_("Functions"), required=False)
    networks = WordsField(label=_("Networks"))
    terminals = WordsField(label=_("Terminal ids or MACs"))
    places = forms.MultipleChoiceField(
        label=_("Places"), required=False, widget=forms.CheckboxSelectMultiple
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"),
        required=False,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    hours = WordsField(
        label=_("Hours"), help_text=_("Such as 08:00-12:00 14:00-18:00.")
    )
    password_days = forms.IntegerField(
        label=_("Days a password is valid"), required=False, min_value=1
    )

    def __init__(self, duty: str, role: Role | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = tuple(offered_functions(duty, role))
        known: Any = self.fields
        if role is not None:
            del known["code"]
        known["rights"].choices = [(one.right, one.right) for one in self.offered]
        known["parents"].choices = list(_parents(duty, role))
        names = Place.objects.order_by("name").values_list("name", flat=True)
        known["places"].choices = [(name, name) for name in names]
        for name in ("parents", "places"):
            if not known[name].choices:
                known[name].widget = forms.MultipleHiddenInput()

    def content(self) -> dict[str, Any]:
        """Return what the form says, as `create_role` and `change_role` take it."""
        typed = self.cleaned_data
        said = {name: typed[name] for name in (*PLAIN, "rights")}
        limits = {name: typed[name] for name in LIMITS if typed[name]}
        if "weekdays" in limits:
            limits["weekdays"] = [
                int(day) if day.isdecimal() else day for day in limits["weekdays"]
            ]
        return {**said, "restrictions": limits}

    def tell(self, error: InputError) -> None:
        """Put a fault of a role beside the field that a person sees."""
        tell(self, error)


def initial_of(role: Role) -> dict[str, Any]:
    """Return a role as its form begins."""
    limits: Mapping[str, Any] = role.restrictions
    return {
        **{name: getattr(role, name) for name in (*PLAIN, "rights")},
        **{name: limits.get(name) for name in LIMITS},
        "places": list(limits.get("places", ())),
        "weekdays": [str(day) for day in limits.get("weekdays", ())],
    }


def offered_functions(duty: str, role: Role | None) -> Iterator[Function]:
    """
    Yield the functions a role of a duty may give, and those it gives already.

    What nobody declared is a permission of the project's own models: business, without
    attributes. Those of jtsec's tables are nobody's to give.
    """
    held = frozenset(role.rights if role is not None else ())
    found = {one.right: one for one in functions() if one.duty == duty}
    found = {right: one for right, one in found.items() if not one.by_duty}
    others = set(held)
    if duty == Duty.BUSINESS:
        others |= permission_names()
    for right in others - found.keys():
        is_own = right.partition(".")[0] == OWN_LABEL
        if right in held or not (function_of(right) or is_own):
            found[right] = function_of(right) or Function(right)
    yield from (found[right] for right in sorted(found))


def _parents(duty: str, role: Role | None) -> Iterator[tuple[str, str]]:
    """Yield the roles that a role of a duty may build on."""
    rows = Role.objects.filter(ended_at=None, duty=duty).order_by("code")
    for one in rows:
        if role is None or one.pk != role.pk:
            yield one.code, f"{one.name} ({one.code})"
