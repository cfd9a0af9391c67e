"""Who may pass rights on, and what came of it (clauses A4.8, A4.9)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.api import functions, give_propagation, revoke_propagation, revoke_use
from jtsec.access.decorators import requires
from jtsec.access.models import Propagation, RightGrant
from jtsec.authentication.api import recorded_as
from jtsec.identity.models import Identity

from .access_propagation_form import GiveForm
from .acting import Fault, carry_out, tell_done
from .ending import Ending, show_ending
from .granted import state_of
from .granted_page import show_granted
from .offices import offices_near
from .page import show
from .people import (
    names_of,
    person_numbered,
)

RIGHT: Final = "jtsec.give_propagation"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def propagations(request: HttpRequest) -> HttpResponse:
    """List who may pass what on, what can never be, and find a person."""
    live = Propagation.objects.filter(ended_at=None)
    return show_granted(
        request,
        f"{FOLDER}/propagations.html",
        live.select_related("identity__organisation", "organisation"),
        view="jtsec-console:propagations-of",
        propagatable=[one for one in functions() if one.propagatable],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what somebody may pass on and received; let them pass one more right on."""
    who = person_numbered(uid)
    initial = {"organisation": who.organisation.code}
    form = GiveForm(who, request, initial=initial)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(form, lambda: give_propagation(who, **form.cleaned_data))
        if fault is None:
            tell_done(request, _("The right to pass on is given and recorded."))
            return redirect("jtsec-console:propagations-of", uid)
    context = {
        "who": who,
        "held": _held(who),
        "received": _received(who),
        "form": form,
        "fault": fault,
        "recorded": recorded_as("access:propagation:given"),
        "offices": offices_near(who),
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/propagations_of.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def take_back(request: HttpRequest, number: UUID) -> HttpResponse:
    """Take a right to pass on back, and all that came from it."""
    rows = Propagation.objects.select_related("identity__user", "organisation")
    found = get_object_or_404(rows.defer("identity__resident_id"), pk=number)
    return show_ending(
        request,
        _ending(
            found,
            _("Take a right to pass on back"),
            "access:propagation:revoked",
        ),
        lambda reason: revoke_propagation(found, reason=reason),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def take_use_back(request: HttpRequest, number: UUID) -> HttpResponse:
    """Take a right back that somebody received for use."""
    rows = RightGrant.objects.select_related("identity__user", "organisation")
    found = get_object_or_404(rows.defer("identity__resident_id"), pk=number)
    return show_ending(
        request,
        _ending(
            found, _("Take a received right back"), "access:propagation:use-revoked"
        ),
        lambda reason: revoke_use(found, reason=reason),
    )


def _ending(found: Propagation | RightGrant, title: str, code: str) -> Ending:
    who = found.identity
    return Ending(
        title=title,
        button=_("Take it back"),
        facts=(
            (_("Person"), f"{who.name} ({who.login_name})"),
            (_("Function"), found.right),
            (_("Organisation"), str(found.organisation)),
            (_("Reason it was given for"), found.made_why),
        ),
        warning=_("All that came from it ends too, and with it the live sessions."),
        done=_("It is taken back and recorded."),
        back=reverse("jtsec-console:propagations-of", args=(who.uid,)),
        clause="A4.8",
        code=code,
    )


def _held(who: Identity) -> list[tuple[Propagation, Any, str]]:
    """Return what somebody may pass on, and through whose hands it came."""
    rows = Propagation.objects.filter(identity=who, ended_at=None)
    found = list(rows.select_related("organisation").order_by("-made_at", "-pk"))
    names = names_of(hand for one in found for hand in one.chain)
    return [
        (one, state_of(one), " → ".join(names[hand] for hand in one.chain))
        for one in found
    ]


def _received(who: Identity) -> list[tuple[RightGrant, Any, str]]:
    """Return what somebody may use because it was passed on to them."""
    rows = RightGrant.objects.filter(identity=who, ended_at=None)
    found = list(rows.select_related("organisation").order_by("-made_at", "-pk"))
    names = names_of(one.made_by for one in found)
    return [(one, state_of(one), names[one.made_by]) for one in found]
