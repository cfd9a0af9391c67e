"""Pages of the temporary passes; each says which right it needs."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from jtsec.access.decorators import requires, signed_in
from jtsec.audit.api import record
from jtsec.audit.coverage.api import audit_query
from jtsec.core.clock import now
from jtsec.identity.api import identity_of

from .events import PermitsQueried, PermitViewed
from .filing import file_permit
from .forms import PermitApplication, PermitQuery
from .models import Permit

PAGE = 20
DUTIES = {
    "business": "业务办理",
    "system": "系统管理",
    "security": "安全管理",
    "audit": "审计管理",
}


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Show everybody what they can do here."""
    identity = identity_of(request.user)  # type: ignore[arg-type]  # logged in: a user
    duty = DUTIES.get(identity.duty, "") if identity else ""
    return render(request, "permits/home.html", {"identity": identity, "duty": duty})


@require_http_methods(["GET", "POST"])
@requires("permits.query_permit")
def permit_list(request: HttpRequest) -> HttpResponse:
    """
    List applications; a search by plate or owner is an important query (A5.1).

    A search is posted: in an address, an ID number would stay in the browser's history
    and in every server's log on the way.
    """
    form = PermitQuery(request.POST)
    wanted = request.POST if request.method == "POST" else request.GET
    permits = Permit.objects.select_related("filed_by__jtsec_identity")
    if not form.is_valid():
        context = {"form": form, "page": None}
        return render(request, "permits/list.html", context, status=400)
    conditions = form.conditions()
    if conditions:
        permits = permits.filter(**conditions)
    # Whose applications somebody saw is recorded where they are fetched.
    permits = audit_query(permits, conditions=conditions)
    page = Paginator(permits, PAGE).get_page(wanted.get("page"))
    if conditions:
        record(
            PermitsQueried(
                resource="permits.permit",
                conditions=json.dumps(conditions, ensure_ascii=False, sort_keys=True),
                found=page.paginator.count,
            )
        )
    return render(request, "permits/list.html", {"form": form, "page": page})


@require_GET
@requires("permits.query_permit")
def permit_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one application whole."""
    permit = get_object_or_404(
        Permit.objects.select_related("filed_by__jtsec_identity"), number=number
    )
    record(PermitViewed(resource=f"permits.permit:{permit.pk}"))
    return render(request, "permits/detail.html", {"permit": permit})


@require_http_methods(["GET", "POST"])
@requires("permits.file_permit")
def permit_new(request: HttpRequest) -> HttpResponse:
    """File an application."""
    form = PermitApplication(request.POST or None)
    if request.method == "POST" and form.is_valid():
        permit = file_permit(form.save(commit=False), by=request.user, at=now())  # type: ignore[arg-type]  # logged in: a user
        messages.success(request, f"申请已提交，编号 {permit.number}。")
        return redirect("permits:detail", number=permit.number)
    status = 400 if request.method == "POST" else 200
    return render(request, "permits/new.html", {"form": form}, status=status)


@require_GET
@requires("permits.query_permit")
def broken(request: HttpRequest) -> HttpResponse:
    """Fail on purpose, to show what a user sees of an error (clause A10.1)."""
    raise RuntimeError("SELECT secret FROM permits -- 演示用的内部错误")
