"""
The pages of approvals, for everybody who is logged in (clauses A4.4, P45).

Being logged in opens them; what somebody sees and may do with one application is asked
of the application, and decided at the choke point.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from jtsec.authentication.api import recorded_as
from jtsec.core.context import current
from jtsec.core.exceptions import InputError, JtsecError, Refused
from jtsec.core.exposure import signed_in

from . import forms
from .amending import withdraw
from .content import application_of
from .exceptions import ApprovalRefused, ExecutionFailed
from .form import comparison, next_step, shown, step_name
from .kinds import find_kind
from .listing import find_with_history
from .models import State
from .refusals import refusal_recorded
from .rows import Held
from .verdicts import approve, execute, reject
from .viewing import may_see, may_take_next

FOLDER: Final = "jtsec/approvals"
STALE: Final = frozenset(("stale-revision", "stale-object", "wrong-state", "expired"))


@signed_in
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show an application, or take a step with it and show what came of it."""
    try:
        held = visible(request, number)
    except ApprovalRefused as error:
        return refused_page(request, error)
    if request.method != "POST":
        return _page(request, held)
    form = forms.VerdictForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, held, form=form, status=400)
    try:
        _decide(number, form.cleaned_data)
    except (InputError, Refused, ExecutionFailed) as error:
        return _refused_page(request, number, error)
    return redirect(f"{reverse('jtsec:approval', args=[number])}?done=1")


def _decide(number: UUID, typed: dict[str, Any]) -> None:
    revision, note = typed["revision"], typed["note"]
    match typed["verdict"]:
        case forms.APPROVE:
            approve(number, revision=revision, note=note)
        case forms.REJECT:
            reject(number, revision=revision, note=note)
        case forms.EXECUTE:
            execute(number, revision=revision, note=note)
        case _:
            withdraw(number, note=note)


def _refused_page(
    request: HttpRequest, number: UUID, error: JtsecError
) -> HttpResponse:
    """Show the application as it stands now, with why nothing was done."""
    status = 400
    if isinstance(error, Refused):
        status = 409 if error.reason in STALE else 403
    elif isinstance(error, ExecutionFailed):
        status = 409
    try:
        held = find_with_history(number)
    except ApprovalRefused as broken:
        return refused_page(request, broken)
    return _page(request, held, error=error, status=status)


def refused_page(
    request: HttpRequest, error: JtsecError, *, status: int = 403
) -> HttpResponse:
    """Say that an application cannot be shown, and what to do."""
    return show(request, "refused.html", {"error": error}, status=status)


def visible(request: HttpRequest, number: UUID) -> Held:
    """
    Return an application that the user may see; of others nobody learns they exist.

    Raises:
        ApprovalRefused: it was altered, or cannot be verified; recorded.
    """
    try:
        held = find_with_history(number)
    except InputError as error:
        raise Http404 from error
    if not may_see(request.user, held):
        refusal_recorded(held.row, "show", "not-concerned")
        raise Http404
    return held


def _page(
    request: HttpRequest,
    held: Held,
    *,
    form: forms.VerdictForm | None = None,
    error: JtsecError | None = None,
    status: int = 200,
) -> HttpResponse:
    row, kind = held.row, find_kind(held.row.kind)
    asked = application_of(row)
    may_take = may_take_next(request.user, held)
    typed = form or forms.VerdictForm(request.user, initial={"revision": row.revision})
    if not may_take:
        typed.fields["note"].label = _("Note")
        typed.fields["note"].help_text = ""
    context = {
        "row": row,
        "kind": row.kind if kind is None else kind.name,
        "application": asked,
        "described": [
            (label, shown(value))
            for label, value in (() if kind is None else kind.describe(asked))
        ],
        "comparison": comparison(asked.before, asked.after),
        "steps": [(one, step_name(one, kind)) for one in held.steps],
        "next_step": next_step(row),
        "form": typed,
        "recorded": recorded_as(),
        "may_approve": may_take and row.state == State.PENDING,
        "may_execute": may_take and row.state == State.APPROVED,
        "may_withdraw": row.is_open and current().actor.uid in row.makers,
        "error": error,
        "done": request.GET.get("done"),
    }
    return show(request, "application.html", context, status=status)


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page of approvals."""
    return render(request, f"{FOLDER}/{template}", context, status=status)
