"""
The pages of who may pass rights on, whatever their duty (clauses A4.8, A4.9).

They stand among everybody's own pages and show what was given to who is logged in; the
verbs decide what may be done with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.api import revoke_propagation, revoke_use
from jtsec.access.models import Propagation, RightGrant
from jtsec.authentication.api import recorded_as
from jtsec.core.exposure import signed_in
from jtsec.identity.api import uid_of

from .acting import Fault, carry_out, tell_done
from .confirming import ConfirmedForm
from .granted import State, state_of
from .passing_forms import PassForm
from .people import names_of

FOLDER: Final = "jtsec/console/passing"


@require_safe
@signed_in
@never_cache
def own_rights(request: HttpRequest) -> HttpResponse:
    """List what the user may pass on, and from whom it came."""
    rows = list(_held(request).order_by("-made_at", "-pk"))
    names = names_of(hand for row in rows for hand in row.chain)
    context = {
        "rows": [
            (row, state_of(row), " → ".join(names[hand] for hand in row.chain))
            for row in rows
        ]
    }
    return render(request, f"{FOLDER}/own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@never_cache
@csrf_protect
def pass_on(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show what came of one right to pass on, and pass it to one more person."""
    source = get_object_or_404(_held(request), pk=number)
    initial = {"organisation": source.organisation.code}
    form = PassForm(source, request, initial=initial)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(form, form.pass_it)
        if fault is None:
            tell_done(request, _("It is passed on and recorded."))
            return redirect("jtsec:passing-on", number)
    context = {
        "source": source,
        "state": state_of(source),
        "passed": _with_states(_beneath(source, Propagation)),
        "used": _with_states(_beneath(source, RightGrant)),
        "form": form,
        "fault": fault,
        "recorded": recorded_as("access:propagation:given", "access:propagation:used"),
    }
    status = fault.status if fault else 200
    return render(request, f"{FOLDER}/pass_on.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@never_cache
@csrf_protect
def take_back(request: HttpRequest, number: UUID, given: UUID) -> HttpResponse:
    """Take back what the user passed on, and all that came from it."""
    source = get_object_or_404(_held(request), pk=number)
    found = _given(source, given)
    form = ConfirmedForm(request)
    fault: Fault | None = None
    if request.method == "POST":
        fault = carry_out(form, lambda: _end(found, form.cleaned_data["reason"]))
        if fault is None:
            tell_done(request, _("It is taken back and recorded."))
            return redirect("jtsec:passing-on", number)
    context = {
        "source": source,
        "given": found,
        "form": form,
        "fault": fault,
        "recorded": recorded_as(_ended_as(found)),
    }
    status = fault.status if fault else 200
    return render(request, f"{FOLDER}/take_back.html", context, status=status)


def _held(request: HttpRequest) -> QuerySet[Propagation]:
    """Return what the user may pass on; of a stranger's nothing is told."""
    own = uid_of(request.user)
    if not own:
        return Propagation.objects.none()
    rows = Propagation.objects.filter(identity__uid=own, ended_at=None)
    return rows.select_related("organisation")


def _given(source: Propagation, number: UUID) -> Propagation | RightGrant:
    """Return what was passed on from a source under a number."""
    for model in (Propagation, RightGrant):
        found = _beneath(source, model).filter(pk=number).first()
        if found is not None:
            return found
    raise Http404


def _beneath(
    source: Propagation, model: type[Propagation] | type[RightGrant]
) -> QuerySet[Propagation | RightGrant]:
    rows = model._default_manager.filter(source=source, ended_at=None)
    found = rows.select_related("identity__user", "organisation")
    return found.defer("identity__resident_id").order_by("-made_at", "-pk")


def _with_states(
    rows: Iterable[Propagation | RightGrant],
) -> list[tuple[Propagation | RightGrant, State]]:
    return [(row, state_of(row)) for row in rows]


def _end(found: Propagation | RightGrant, reason: str) -> None:
    if isinstance(found, Propagation):
        revoke_propagation(found, reason=reason)
    else:
        revoke_use(found, reason=reason)


def _ended_as(found: Propagation | RightGrant) -> str:
    """Return the code of the event that its end is recorded as."""
    if isinstance(found, Propagation):
        return "access:propagation:revoked"
    return "access:propagation:use-revoked"
