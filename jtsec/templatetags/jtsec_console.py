"""
What the pages of the console say of themselves.

    {% load jtsec_console %}
    {% clause "A5.10" %}        a badge that opens what the clause demands
    {{ error|field_label }}     which field of a filter is wrong
    {{ count|thousands }}       1,234,567
    {{ right|function_title }}  what people call a function
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jtsec.access.api import function_of
from jtsec.audit.query.api import PARAMETERS, FilterError

register = template.Library()
TIMES: Final = MappingProxyType(
    {
        "period": pgettext_lazy("jtsec filter", "Period"),
        "since": _("From"),
        "until": _("To"),
    }
)
"""What the fields are called that are no conditions."""

DEMANDS: Final = MappingProxyType(
    {
        "A3.1.4": _("Only one duty enters, changes and removes what identifies users."),
        "A3.2.7": _(
            "Terminals and users that fail too often are locked out; lifting it is for "
            "one duty, and recorded with who and why."
        ),
        "A3.2.8": _(
            "Where, when and how long users log in can be restricted; passwords expire."
        ),
        "A3.2.9": _(
            "An expired user is activated by an administrator, with a new password."
        ),
        "A3.2.12": _("A login shows the one before it, and what failed in between."),
        "A4.2": _("Only the duty that owns authorisation sets who may do what."),
        "A4.3": _("A right is one operation of one function."),
        "A4.4": _(
            "Everybody has the least rights; duties exclude each other, and nobody "
            "approves what they applied for."
        ),
        "A4.6": _("Rights are given by roles."),
        "A4.7": _("What those who are not police officers may use is controlled."),
        "A4.8": _("A right to pass a right on is no right to use it."),
        "A4.9": _("What may not be passed on is refused by itself, at any depth."),
        "A4.11": _("Important data and operations are bound to address and user."),
        "A4.13": _(
            "A call of an interface without the right to it counts as an attack and is "
            "recorded as one."
        ),
        "A4.14": _("People have a clearance, and data a sensitivity."),
        "A5.1": _("Whatever users do that matters is recorded."),
        "A5.2": _(
            "An event says who, of which organisation, police or not, when, from "
            "where, what, on which data and with what result."
        ),
        "A5.3": _("What is recorded and alarmed can be set for users."),
        "A5.5": _("Functions that are declared core are audited in full and watched."),
        "A5.6": _("Data that was tampered with raises an alarm."),
        "A5.7": _(
            "High frequency, unusual hours, accounts long unused and unusual business "
            "are watched."
        ),
        "A5.8": _(
            "Audit records are encrypted or authenticated; nobody reads, changes or "
            "removes them without right."
        ),
        "A5.9": _("Audit records are kept for a year at least."),
        "A5.10": _("Audit records can be counted, searched, analysed and reported."),
        "A5.11": _("Audit records leave in the form of the police platforms."),
        "A9.1": _("A session without activity ends by itself."),
        "A9.2": _("All sessions together have a limit."),
        "A9.4": _("What wears the system down is noticed and held back."),
        "A10.3": _("Keys and passwords are nowhere in clear."),
        "P15.1": _(
            "Those who run the system hold posts that exclude each other; some are for "
            "police officers."
        ),
        "P32": _(
            "Each quarter accounts are listed; surplus and expired ones are disabled."
        ),
        "P37": _("Who is given a password must change it at the first login."),
        "P39": _("Rights are given level by level of the organisations."),
        "P43": _("Alarm rules can be set; each month has a report of use."),
        "P44.1": _("Accounts unused for more than a year are suspended."),
        "P47": _("Each month has a report of security."),
        "P54.3": _("Who accepts an application does not review it."),
        "P61": _("Security incidents are handled in time and reported."),
    }
)
"""What the clauses demand, in our own words."""


@register.filter
def thousands(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}"


@register.filter
def function_title(right: str) -> str:
    """Return what people call a function, the right itself where nobody says."""
    found = function_of(right)
    return str(found.title or right) if found is not None else right


@register.filter
def field_label(error: FilterError) -> str:
    """Return the field that an error names as the form calls it, and as the address."""
    parameter = PARAMETERS.get(error.field)
    label = parameter.label if parameter else TIMES.get(error.field)
    return f"{label}, {error.field}" if label else error.field


@register.inclusion_tag("jtsec/console/clause.html")
def clause(number: str) -> dict[str, Any]:
    """Show which clause something serves; opening it shows what the clause demands."""
    return {"clause": number, "text": DEMANDS[number]}
