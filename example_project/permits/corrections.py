"""Asking for the correction of what is approved; four hands, one form (clause P45)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jtsec.access.api import get_visible_or_404
from jtsec.access.decorators import requires
from jtsec.approvals import api as approvals
from jtsec.core.exceptions import Refused

from .forms import PermitCorrection
from .functions import REQUEST_CORRECTION
from .models import Permit
from .shown import facts, permit_of, resource_of, values


@require_http_methods(["GET", "POST"])
@requires(REQUEST_CORRECTION)
def permit_correct(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for a correction; nothing changes before a third person carries it out."""
    permit = get_visible_or_404(Permit, request.user, REQUEST_CORRECTION, number=number)
    if permit.state != Permit.State.APPROVED:
        raise Refused("not-approved", "只有已批准的通行证可以更正。")
    before = facts(permit)
    form = PermitCorrection(request.POST or None, instance=permit)
    if request.method == "POST" and form.is_valid():
        approvals.submit(
            "permits.correct",
            resource=resource_of(permit),
            payload={"number": number, "values": values(permit)},
            before=before,
            after=facts(permit),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, "更正已提交，须经两级审批，由第三人执行。")
        return redirect("permits:detail", number=number)
    status = 400 if request.method == "POST" else 200
    context = {"form": form, "permit": permit_of(resource_of(permit))}
    return render(request, "permits/correct.html", context, status=status)
