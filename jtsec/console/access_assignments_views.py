"""Roles are given to people and taken back (clauses A4.2, A4.4, A4.6, P39)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.api import assign, revoke
from jtsec.access.decorators import requires
from jtsec.access.models import Assignment
from jtsec.approvals.api import apply_for_assignment, is_under_approval
from jtsec.identity.models import Identity

from .access_assignment_form import AssignForm
from .acting import Fault, carry_out, tell_done
from .applications import open_applications
from .applying import either, recorded_for, said
from .ending import Ending, show_ending
from .granted import State, state_of
from .offices import offices_near
from .page import show
from .people import (
    PersonSearch,
    names_of,
    people_asked_for,
    person_numbered,
)

RIGHT: Final = "jtsec.assign_role"
ACT: Final = "access.assign"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Find the person whose roles it is about."""
    search = PersonSearch(request.GET)
    found = people_asked_for(request, search)
    context = {
        "search": search,
        "people": found,
        "view": "jtsec-console:assignments-of",
    }
    status = 400 if found is None else 200
    return show(request, f"{FOLDER}/assignments.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the roles of a person, and give one more."""
    who = person_numbered(uid)
    initial = {"organisation": who.organisation.code}
    form = AssignForm(who, request, initial=initial)
    fault: Fault | None = None
    if request.method == "POST":
        giving = either(
            ACT,
            lambda: assign(who, **form.cleaned_data),
            lambda: apply_for_assignment(who, **form.cleaned_data),
        )
        fault = carry_out(form, giving)
        if fault is None:
            done = said(ACT, _("The role is given and recorded."))
            tell_done(request, done)
            return redirect("jtsec-console:assignments-of", uid)
    with_ended = request.GET.get("ended") == "1"
    context = {
        "who": who,
        "rows": _rows(who, with_ended=with_ended),
        "with_ended": with_ended,
        "form": form,
        "fault": fault,
        "recorded": recorded_for(ACT, "access:role:assigned"),
        "offices": offices_near(who),
        "is_applied_for": is_under_approval(ACT),
        "applications": open_applications(who),
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/assignments_of.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def take_back(request: HttpRequest, number: UUID) -> HttpResponse:
    """Take one role from one person."""
    rows = Assignment.objects.select_related(
        "identity__user", "identity__organisation", "role", "organisation"
    )
    found = get_object_or_404(rows.defer("identity__resident_id"), pk=number)
    if found.ended_at is not None and request.method != "POST":
        raise Http404
    who = found.identity
    ending = Ending(
        title=_("Take a role back"),
        button=_("Take it back"),
        facts=(
            (_("Person"), f"{who.name} ({who.login_name})"),
            (_("Role"), str(found.role)),
            (_("Organisation"), str(found.organisation)),
            (_("Reason it was given for"), found.made_why),
        ),
        warning=_("The live sessions of the person end, so that no open page goes on."),
        done=_("The role is taken back and recorded."),
        back=reverse("jtsec-console:assignments-of", args=(who.uid,)),
        clause="A4.6",
        code="access:role:revoked",
    )
    return show_ending(request, ending, lambda reason: revoke(found, reason=reason))


def _rows(
    who: Identity, *, with_ended: bool
) -> list[tuple[Assignment, State, str, str]]:
    """Return what somebody holds, each with its state and who gave and ended it."""
    found = Assignment.objects.filter(identity=who).select_related(
        "role", "organisation"
    )
    if not with_ended:
        found = found.filter(ended_at=None)
    rows = list(found.order_by("-made_at", "-pk"))
    names = names_of(
        name for one in rows for name in (one.made_by, one.ended_by) if name
    )
    return [
        (one, state_of(one), names.get(one.made_by, ""), names.get(one.ended_by, ""))
        for one in rows
    ]
