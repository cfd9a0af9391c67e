"""Why something was refused, in words: events keep the code, people read this."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REASONS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "wrong": _("Wrong user name or password"),
        "wrong-at-change": _("Wrong present password"),
        "wrong-in-view": _("Wrong password"),
        "user-locked": _("The user was locked"),
        "terminal-blocked": _("The terminal was blacklisted"),
        "inactive": pgettext_lazy("jtsec account", "Out of use"),
        "out-of-use": pgettext_lazy("jtsec account", "Out of use"),
        "account-expired": pgettext_lazy("jtsec account", "Expired"),
        "account-dormant": _("Unused for too long"),
        "not-yet-valid": _("Not valid yet"),
        "network-not-allowed": _("Not from this network"),
        "terminal-not-allowed": _("Not from this terminal"),
        "place-not-allowed": _("Not from this place"),
        "day-not-allowed": _("Not on this day"),
        "out-of-hours": _("Not at this time"),
        "superuser": _("Superusers do not log in"),
        "no-identity": _("No registered person"),
        "altered": _("Data were altered"),
        "cannot-verify": _("Data cannot be verified"),
        "wrong-duty": _("Of another duty"),
        "police-only": _("For police officers alone"),
        "right-missing": _("The right was not granted"),
        "expired": _("The right has expired"),
        "conflict": _("Rights that exclude each other"),
        "clearance": _("Above the own clearance"),
        "label": _("Above the own clearance"),
        "initial-only": _("For the first set-up alone"),
        "terminal-not-bound": _("Not at the bound terminal"),
        "other-organisation": _("Of another organisation"),
        "undeclared": _("No right is declared for the page"),
        "approval-required": _("Needs an approval"),
        "oneself": _("Nobody does this to oneself"),
        "too-many": _("Too many calls"),
    }
)
"""What jtsec's own codes mean; a project's are shown as they are."""


def reason_text(code: str) -> str:
    """Return what a code means, itself where nobody says."""
    return str(REASONS.get(code, code))


def reason_with_code(code: str) -> str:
    """Return what a code means with the code, which is what a query looks for."""
    words = reason_text(code)
    return words if words == code else f"{words} ({code})"
