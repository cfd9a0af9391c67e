"""The security policies as they are in force, by subject, beside their defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires

from .page import show
from .parameters import beginning_with, parameters

RIGHT: Final = "jtsec.view_policy"
TEMPLATE: Final = "jtsec/console/security/policy.html"
LOGIN: Final = "JTSEC_AUTHENTICATION_"


@dataclass(frozen=True)
class Tab:
    """One subject of the policies, and how the names of its settings begin."""

    word: str
    label: str | Promise
    prefixes: tuple[str, ...]


TABS: Final = (
    Tab(
        "password",
        pgettext_lazy("jtsec policy", "Passwords"),
        (f"{LOGIN}PASSWORD_", f"{LOGIN}ARGON2", f"{LOGIN}CHANGE_", f"{LOGIN}HASHING_"),
    ),
    Tab("lockout", _("Failed logins"), (f"{LOGIN}USER_", f"{LOGIN}TERMINAL_", LOGIN)),
    Tab("sessions", pgettext_lazy("jtsec policy", "Sessions"), ("JTSEC_SESSIONS_",)),
    Tab(
        "frequency",
        _("Frequency of use"),
        ("JTSEC_AUDIT_RULES_", "JTSEC_AUDIT_ATTACK_", "JTSEC_REST_"),
    ),
    Tab("terminals", _("Binding of clients"), ("JTSEC_ACCESS_", "JTSEC_SOURCE_")),
    Tab(
        "accounts",
        _("Accounts and approvals"),
        ("JTSEC_ACCOUNTS_", "JTSEC_APPROVALS_", "JTSEC_IDENTITY_"),
    ),
)


@require_safe
@requires(RIGHT)
@never_cache
def policy(request: HttpRequest, word: str = TABS[0].word) -> HttpResponse:
    """Show one subject's settings beside their defaults and floors (clause A4.2)."""
    tab = next((one for one in TABS if one.word == word), None)
    if tab is None:
        raise Http404
    rows = beginning_with(parameters(), tab.prefixes)
    if tab.word == "lockout":
        passwords = TABS[0].prefixes
        rows = [one for one in rows if not one.name.startswith(passwords)]
    context = {
        "tabs": [
            (reverse("jtsec-console:policy-tab", args=(one.word,)), one.label, one)
            for one in TABS
        ],
        "tab": tab,
        "rows": rows,
    }
    return show(request, TEMPLATE, context)
