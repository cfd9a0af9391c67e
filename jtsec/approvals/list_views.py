"""The lists of approvals: what somebody applied for, and what waits for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.authentication.api import recorded_as
from jtsec.core.exceptions import InputError
from jtsec.core.exposure import signed_in

from . import forms
from .bulk import Result, approve_each, parse_chosen
from .form import next_step
from .kinds import find_kind
from .listing import LIMIT, mine, waiting_for
from .models import ApprovalRequest
from .views import show


@signed_in
@never_cache
@require_safe
def my_applications(request: HttpRequest) -> HttpResponse:
    """List what the user raised or amended, page by page."""
    after = _number(request.GET.get("after", ""))
    found = mine(request.user, LIMIT + 1, after=after)
    shown = found[:LIMIT]
    context = {
        "rows": [_row(one) for one in shown],
        "older": shown[-1].pk if len(found) > LIMIT else None,
        "is_later": after is not None,
        "here": "mine",
    }
    return show(request, "mine.html", context)


@signed_in
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits for the user, and approve several of them, each by itself."""
    form = forms.BulkForm(request.user, request.POST or None)
    results: list[dict[str, Any]] = []
    fault = ""
    status = 200
    if request.method == "POST":
        status = 400
        try:
            chosen = parse_chosen(request.POST.getlist("chosen"))
        except InputError as error:
            # Not validated, not even by being shown: nothing is charged for it.
            form, fault = forms.BulkForm(request.user), str(error)
        else:
            if form.is_valid():
                status = 200
                done = approve_each(chosen, note=form.cleaned_data["note"])
                results = [_result(one) for one in done]
    context = {
        "rows": [_row(one) for one in waiting_for(request.user)],
        "form": form,
        "recorded": recorded_as("approvals:request:approved"),
        "results": results,
        "fault": fault,
        "here": "waiting",
    }
    return show(request, "waiting.html", context, status=status)


def _number(text: str) -> UUID | None:
    """Return the number that an address names; what is none is the first page."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _row(row: ApprovalRequest) -> dict[str, Any]:
    kind = find_kind(row.kind)
    return {
        "row": row,
        "kind": row.kind if kind is None else kind.name,
        "step": next_step(row),
        "url": reverse("jtsec:approval", args=[row.pk]),
        "key": f"{row.pk}:{row.revision}",
    }


def _result(one: Result) -> dict[str, Any]:
    """Return what came of one of several, in words."""
    row = one.row
    told = str(one.error) if row is None else next_step(row)
    if row is not None and row.is_open:
        told = _("approved; next step: %(step)s") % {"step": told}
    return {
        "subject": one.chosen.id if row is None else row.subject,
        "url": reverse("jtsec:approval", args=[one.chosen.id]),
        "told": told,
        "is_refused": row is None,
    }
