"""My profile: what the system knows of who is logged in (clauses A3.1.4, A6.3)."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.models import Assignment
from jtsec.authentication.api import LoginNotice, notice_of
from jtsec.core.clock import shown
from jtsec.core.exceptions import CannotVerify, VerifiedFalse
from jtsec.core.exposure import signed_in
from jtsec.identity.api import identity_of, verify
from jtsec.identity.models import Identity
from jtsec.validation.api import masked

TEMPLATE: Final = "jtsec/own/profile.html"


@require_safe
@signed_in
@never_cache
def profile(request: HttpRequest) -> HttpResponse:
    """Show the user's own particulars, the ID number masked, and how long they last."""
    found = identity_of(request.user)
    notice = notice_of(request.user)
    context: dict[str, Any] = {
        "here": "profile",
        "person": found,
        "facts": _facts(found) if found else [],
        "times": _times(notice) if notice else [],
        "is_ending": notice and (notice.is_account_ending or notice.is_password_ending),
        "roles": _roles(found) if found else [],
    }
    return render(request, TEMPLATE, context)


def _roles(found: Identity) -> list[Assignment]:
    rows = Assignment.objects.filter(identity=found, ended_at=None)
    return list(rows.select_related("role", "organisation").order_by("role__name"))


def _facts(found: Identity) -> list[tuple[Any, object]]:
    kind = (
        pgettext("jtsec person", "Police officer")
        if found.is_police
        else pgettext("jtsec person", "Not a police officer")
    )
    return [
        (pgettext("jtsec", "Name"), found.name),
        (_("Login name"), found.login_name),
        (_("UID"), found.uid),
        (_("Resident ID number"), _resident_id(found)),
        (_("Kind of person"), kind),
        (_("Police or employee number"), found.number),
        (_("Organisation"), found.organisation),
        (_("Duty"), found.get_duty_display()),
    ]


def _resident_id(found: Identity) -> str:
    """Return the masked number; of a row that somebody altered, nothing."""
    try:
        verify(found)
    except (VerifiedFalse, CannotVerify):
        return "–"
    return masked(found.resident_id)


def _times(notice: LoginNotice) -> list[tuple[Any, object]]:
    until = notice.valid_until
    account = _("without end")
    if until is not None:
        account = f"{shown(until)} ({_left(notice.days_left_account or 0)})"
    password = f"{shown(notice.password_until)} ({_left(notice.days_left_password)})"
    return [
        (_("Account valid until"), account),
        (_("Password valid until"), password),
    ]


def _left(days: int) -> str:
    return _("%(days)d days left") % {"days": days}
