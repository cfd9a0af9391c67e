"""What is typed on the pages of the audit policies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils import dates
from django.utils.translation import gettext_lazy as _

from jtsec.audit.policies.api import Aspect, AuditPolicy, optional_recordings
from jtsec.audit.policies.api import known_scopes as scopes
from jtsec.audit.rules.api import RULES, Rule, defaults_of, options_of
from jtsec.core.exceptions import InputError
from jtsec.core.rules import at_least, between
from jtsec.identity.api import uid_of, user_by_login_name
from jtsec.identity.models import Identity, Organization

from .confirming import ConfirmedForm

ANY: Final = ("", _("As declared"))
CODE: Final = re.compile(r"[a-z0-9_:-]*\*?", re.ASCII)
"""What can stand in the address of the next page; a slash leads to none."""

SEVERITIES: Final = (("20", _("Notice")), ("30", _("Minor")), ("40", _("Major")))
WEEKDAYS: Final = tuple((str(day + 1), name) for day, name in dates.WEEKDAYS.items())
DUTIES: Final = (
    ("business", _("Business")), ("system", _("System administration")),
    ("security", _("Security administration")), ("audit", _("Audit administration")),
)  # fmt: skip
POLICE: Final = (("yes", _("Police officers")), ("no", _("Not police officers")))
OWN_FIELDS: Final = ("user", "duty", "organisation", "police")


class ScopeForm(forms.Form):
    """For whom: one choice, and beside it what each of the choices needs."""

    scope = forms.ChoiceField(label=_("For whom"))
    user = forms.CharField(label=_("User name"), required=False, max_length=150)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    duty = forms.ChoiceField(
        label=_("Duty"), required=False, choices=[("", "–"), *DUTIES]
    )
    police = forms.ChoiceField(
        label=_("Police officer"), required=False, choices=[("", "–"), *POLICE]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields
        known["scope"].choices = [(one.name, one.title) for one in scopes()]
        places = Organization.objects.order_by("code").values_list("code", "name")
        known["organisation"].choices = [
            ("", "–"), *((code, f"{name} {code}") for code, name in places)
        ]  # fmt: skip
        others = [one for one in scopes() if one.name not in ("everyone", *OWN_FIELDS)]
        for one in others:
            known[one.name] = forms.CharField(label=str(one.title), required=False)
        self.order_fields(["scope", *OWN_FIELDS])

    def scope_value(self) -> str:
        """
        Return which users of the chosen kind.

        Raises:
            InputError: there is no such user, or nothing was chosen.
        """
        scope = self.cleaned_data["scope"]
        value: str = self.cleaned_data.get(scope, "").strip()
        if scope == "everyone":
            return ""
        if not value:
            raise InputError(str(_("Choose which ones.")), field=scope)
        return _uid_of(value) if scope == "user" else value


class TrialForm(ScopeForm):
    """What a dry run is about."""

    days = forms.IntegerField(
        label=_("Past days"), min_value=1, max_value=366, initial=30
    )


class PolicyForm(ConfirmedForm):
    """What a policy says and why, besides for whom and about what."""

    is_on = forms.ChoiceField(
        label=_("Switch"), choices=[("on", _("On")), ("off", _("Off"))]
    )
    severity = forms.ChoiceField(
        label=_("Severity of the alarms"), required=False, choices=[ANY, *SEVERITIES]
    )


class TargetForm(forms.Form):
    """What a new policy is about: a rule, an optional recording, or events."""

    target = forms.ChoiceField(label=_("About"))
    code = forms.CharField(
        label=_("Event code"),
        required=False,
        max_length=100,
        help_text=_("Only for events: a code, or its beginning and *."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields
        known["target"].choices = [
            (_("How a rule works"), [
                (f"{Aspect.RULE}:{rule.name}", rule.title) for rule in RULES.values()
            ]),
            (_("What is recorded"), [
                (f"{Aspect.RECORDING}:{one.kind}", one.title)
                for one in optional_recordings()
            ]),
            (_("Which events raise an alarm"), [
                (f"{Aspect.EVENT}:", _("Events by their code")),
            ]),
        ]  # fmt: skip

    def aim(self) -> tuple[str, str]:
        """
        Return aspect and target.

        Raises:
            InputError: no event was named.
        """
        aspect, _colon, target = self.cleaned_data["target"].partition(":")
        return aspect, target or self._typed_code()

    def _typed_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if not code:
            raise InputError(str(_("Name the events.")), field="code")
        if not CODE.fullmatch(code):
            raise InputError(str(_("There is no such event.")), field="code")
        return code


def add_thresholds(
    form: forms.Form, rule: Rule | None, given: Mapping[str, Any]
) -> None:
    """
    Add a field for each threshold of a rule; an empty one leaves it as it is.

    Args:
        form: the form.
        rule: the rule, None where it is about something else.
        given: the values a policy sets already.
    """
    if rule is None:
        return
    usual = defaults_of(rule)
    for name, option in options_of(rule).items():
        field = _field(option.kind, str(rule.titles[name]), given.get(name))
        if isinstance(field, forms.IntegerField):
            field.widget.attrs["placeholder"] = usual[name]
        form.fields[f"t-{name}"] = field
        limits = _limits(option.spec.floor or option.spec.valid)
        if limits:
            field.help_text = limits


def thresholds_in(form: forms.Form) -> dict[str, Any]:
    """Return the thresholds that were filled in."""
    found: dict[str, Any] = {}
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        if not name.startswith("t-") or value in (None, "", []):
            continue
        short = name.removeprefix("t-")
        if isinstance(field, forms.MultipleChoiceField):
            found[short] = [int(one) for one in value]
        elif isinstance(field, forms.ChoiceField):
            found[short] = value == "yes"
        elif isinstance(field, forms.CharField):
            found[short] = value.replace(",", " ").replace("，", " ").split()
        else:
            found[short] = value
    return found


def tell(form: forms.Form, error: InputError) -> None:
    """Put what is wrong beside the field that it is wrong in."""
    for name in (error.field, f"t-{error.field}"):
        if name in form.fields:
            form.add_error(name, str(error))
            return
    form.add_error(None, str(error))


def shown_value(policy: AuditPolicy) -> str:
    """Return which users a policy is for, in words a reader knows."""
    value = policy.scope_value
    match policy.scope:
        case "everyone":
            return ""
        case "user":
            found = Identity.objects.filter(uid=value).first()
            return f"{found.name} {found.login_name}" if found else value
        case "organisation":
            place = Organization.objects.filter(code=value).first()
            return f"{place.name} {value}" if place else value
    words = {**dict(DUTIES), **dict(POLICE)}
    return str(words.get(value, value))


def _uid_of(login_name: str) -> str:
    user = user_by_login_name(login_name)
    if user is None:
        raise InputError(str(_("There is no such user.")), field="user")
    return str(uid_of(user))


def _limits(rule: Any) -> str:
    """Return a range in signs that need no language."""
    match rule:
        case at_least(limit=limit):
            return f"≥ {limit}"
        case between(low=low, high=high):
            return f"{low} – {high}"
    return ""


def _field(kind: Any, label: str, value: Any) -> forms.Field:
    if kind is int:
        return forms.IntegerField(label=label, required=False, initial=value)
    if kind is bool:
        choices = [("", _("As declared")), ("yes", _("Yes")), ("no", _("No"))]
        initial = "" if value is None else "yes" if value else "no"
        return forms.ChoiceField(
            label=label, required=False, choices=choices, initial=initial
        )
    if kind == tuple[int, ...]:
        return forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=WEEKDAYS,
            initial=[str(one) for one in value or ()],
            widget=forms.CheckboxSelectMultiple,
        )
    return forms.CharField(
        label=label,
        required=False,
        initial=" ".join(value or ()),
        help_text=_("Several with spaces between them."),
    )
