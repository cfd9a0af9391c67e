"""Locked users and blacklisted terminals: seen, and lifted (clauses A3.2.7, P44.4)."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.approvals.api import apply_for_unlock
from jtsec.authentication.api import lift, list_blocks
from jtsec.core.clock import now

from .access_lock_search import FilterForm
from .acting import Fault, carry_out, tell_done
from .applying import either, recorded_for, said
from .confirming import ConfirmedForm
from .page import show
from .paging import slice_of

RIGHT: Final = "jtsec.lift_block"
ACT: Final = "authentication.unlock"
FOLDER: Final = "jtsec/console/access"


@require_safe
@requires(RIGHT)
@never_cache
def locks(request: HttpRequest) -> HttpResponse:
    """List the locks in force, and on demand those that have ended."""
    form = FilterForm(request.GET)
    is_sound = form.is_valid()
    found = form.blocks() if is_sound else list_blocks()
    context = {
        "form": form,
        "page": slice_of(request, found, newest_first=True),
        "at": now(),
    }
    return show(
        request, f"{FOLDER}/locks.html", context, status=200 if is_sound else 400
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RIGHT)
@never_cache
@csrf_protect
def lock(request: HttpRequest, number: int) -> HttpResponse:
    """Show one lock, and lift it."""
    found = list_blocks(with_history=True).filter(pk=number).first()
    if found is None:
        raise Http404
    form = ConfirmedForm(request)
    fault: Fault | None = None
    if request.method == "POST":
        lifting = either(
            ACT,
            lambda: lift(found, reason=form.cleaned_data["reason"]),
            lambda: apply_for_unlock(found, reason=form.cleaned_data["reason"]),
        )
        fault = carry_out(form, lifting)
        if fault is None:
            done = said(ACT, _("Lifted, and recorded with your reason."))
            tell_done(request, done)
            return redirect("jtsec-console:locks")
    context = {
        "lock": found,
        "is_in_force": list_blocks().filter(pk=number).exists(),
        "form": form,
        "fault": fault,
        "recorded": recorded_for(ACT, "authentication:block:lifted"),
    }
    status = fault.status if fault else 200
    return show(request, f"{FOLDER}/lock.html", context, status=status)
