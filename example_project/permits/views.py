"""Pages of the temporary passes; each says which right it needs."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from jtsec.access.api import decide, get_visible_or_404, grants_of, serve_file
from jtsec.access.decorators import requires, signed_in
from jtsec.audit.api import record
from jtsec.audit.coverage.api import audit_query
from jtsec.core.clock import now
from jtsec.core.exceptions import Refused
from jtsec.identity.api import identity_of
from jtsec.protection.api import telling_altered
from jtsec.protection.masking.api import in_clear, shown

from .events import PermitsQueried, PermitViewed
from .filing import file_permit, keep_draft
from .forms import PermitApplication, PermitQuery
from .functions import FILE, QUERY, VIEW_OWNER
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
@requires(QUERY)
def permit_list(request: HttpRequest) -> HttpResponse:
    """
    List what is within reach; a search by plate or owner is an important query (A5.1).

    A search is posted: in an address, an ID number would stay in the browser's history
    and in every server's log on the way.
    """
    form = PermitQuery(request.POST)
    wanted = request.POST if request.method == "POST" else request.GET
    # Those of one's organisations, up to one's clearance (A4.14).
    permits = Permit.objects.visible_to(request.user, QUERY)
    permits = permits.select_related("filed_by__jtsec_identity", "organisation")
    if not form.is_valid():
        context = {"form": form, "page": None}
        return render(request, "permits/list.html", context, status=400)
    conditions = form.conditions()
    if conditions:
        permits = permits.filter(**conditions)
    # Whose applications somebody saw is recorded where they are fetched.
    # One that SQL altered takes the others away from nobody (A6.2).
    permits = telling_altered(audit_query(permits, conditions=conditions))
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
@requires(QUERY)
def permit_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one application, the numbers of its owner masked."""
    permit = _visible(request, number, QUERY)
    record(PermitViewed(resource=f"permits.permit:{permit.pk}"))
    seen = shown(permit, request.user)
    decision = decide(request.user, VIEW_OWNER)
    # Whoever is only at the wrong terminal is shown the way, and refused there.
    may_see = decision.allowed or decision.reason == "terminal-not-bound"
    context = {"permit": seen, "may_see_owner": may_see}
    return render(request, "permits/detail.html", context)


@require_GET
@requires(VIEW_OWNER)
def permit_owner(request: HttpRequest, number: str) -> HttpResponse:
    """Show the owner's full data: to police, at their own terminal (A4.7, A4.11)."""
    permit = _visible(request, number, VIEW_OWNER)
    context = {"permit": permit, "owner": in_clear(request, permit)}
    return render(request, "permits/owner.html", context)


@require_GET
@requires(QUERY)
def permit_attachment(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hand out the attachment to who may see its application (A4.1)."""
    permit = _visible(request, number, QUERY)

    return serve_file(request, permit, "attachment")


@require_http_methods(["GET", "POST"])
@requires(FILE)
def permit_new(request: HttpRequest) -> HttpResponse:
    """File an application, or keep it as a draft."""
    return _application(request, Permit(), "permits/new.html")


@require_http_methods(["GET", "POST"])
@requires(FILE)
def permit_edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change a draft, or what was rejected, and file it."""
    permit = _visible(request, number, FILE)
    if not permit.is_open:
        raise Refused("not-a-draft", "申请已经提交，不能再修改。")
    return _application(request, permit, "permits/edit.html")


@require_GET
@requires(QUERY)
def broken(request: HttpRequest) -> HttpResponse:
    """Fail on purpose, to show what a user sees of an error (clause A10.1)."""
    raise RuntimeError("SELECT secret FROM permits -- 演示用的内部错误")


def _visible(request: HttpRequest, number: str, right: str) -> Permit:
    permits = Permit.objects.select_related("filed_by__jtsec_identity", "organisation")
    return get_visible_or_404(permits, request.user, right, number=number)


def _application(request: HttpRequest, permit: Permit, template: str) -> HttpResponse:
    posted: tuple[Any, ...] = (
        (request.POST, request.FILES) if request.method == "POST" else ()
    )
    identity = identity_of(request.user)  # type: ignore[arg-type]  # logged in: a user
    clearance = grants_of(identity).clearance if identity else 0
    form = PermitApplication(*posted, instance=permit, clearance=clearance)
    if not posted or not form.is_valid():
        context = {"form": form, "permit": permit}
        return render(request, template, context, status=400 if posted else 200)
    is_draft = "draft" in request.POST
    act = keep_draft if is_draft else file_permit
    kept = act(form.save(commit=False), by=request.user, at=now())  # type: ignore[arg-type]  # logged in: a user
    said = "草稿已保存" if is_draft else "申请已提交，等待审批"
    messages.success(request, f"{said}，编号 {kept.number}。")
    return redirect("permits:detail", number=kept.number)
