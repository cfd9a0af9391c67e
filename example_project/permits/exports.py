"""What a query found, as a workbook that says who took it, when, and why (A5.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jtsec.access.decorators import requires
from jtsec.audit.api import record
from jtsec.audit.coverage.api import audit_query
from jtsec.audit.query.api import FORMS, Head, Made, write_table
from jtsec.core.clock import now, shown
from jtsec.core.context import current

from .events import PermitsExported
from .forms import PermitQuery, Reason
from .functions import EXPORT
from .models import Permit
from .shown import facts

MOST: Final = 1000
"""Rows of one file; who needs more asks for less at a time."""


@require_http_methods(["GET", "POST"])
@requires(EXPORT)
@never_cache
def permit_export(request: HttpRequest) -> HttpResponseBase:
    """
    Say what the file will hold and that it is recorded, ask why, and hand it out.

    The conditions are posted, as in the query itself: in an address they would stay.
    """
    query = PermitQuery(request.POST)
    if not query.is_valid():
        context = {"form": query, "page": None}
        return render(request, "permits/list.html", context, status=400)
    conditions = query.conditions()
    permits = Permit.objects.visible_to(request.user, EXPORT).filter(**conditions)
    reason = Reason(request.POST if "reason" in request.POST else None)
    if not reason.is_valid():
        context = {
            "form": reason,
            "conditions": conditions,
            "spoken": spoken(conditions),
            "count": permits.count(),
            "most": MOST,
        }
        status = 400 if reason.is_bound else 200
        return render(request, "permits/export.html", context, status=status)
    made = take(permits, conditions, reason.cleaned_data["reason"])
    return FileResponse(
        made.file,
        as_attachment=True,
        filename=f"permits-{now():%Y%m%d-%H%M%S}.xlsx",
        content_type=FORMS["xlsx"],
    )


def take(permits: QuerySet[Permit], conditions: Mapping[str, str], reason: str) -> Made:
    """
    Return the applications as a workbook, masked as the pages show them; recorded.

    Args:
        permits: what may be seen of what was asked for.
        conditions: what was asked for.
        reason: why.
    """
    actor = current().actor
    found = permits.count()
    head = Head(
        title="临时通行证申请",
        who=f"{actor.name}（{actor.username}）{actor.uid}",
        when=shown(now()),
        conditions=spoken(conditions),
        note=f"共 {found} 条，只导出前 {MOST} 条。" if found > MOST else "",
    )
    rows = audit_query(permits.select_related("organisation"), conditions=conditions)
    labels = (*facts(Permit()), "受理部门", "状态")
    made = write_table("xlsx", head, labels, _cells(rows[:MOST]))
    record(
        PermitsExported(
            resource="permits.permit",
            reason=reason,
            conditions=json.dumps(dict(conditions), ensure_ascii=False, sort_keys=True),
            count=made.count,
            sm3=made.sm3,
        )
    )
    return made


def spoken(conditions: Mapping[str, str]) -> str:
    """Return the conditions in words; a file goes from hand to hand, so masked."""
    asked = Permit(**conditions)
    masked = {
        "plate": asked.plate,
        "owner_id_number": asked.masked_id_number,
        "owner_phone": asked.masked_phone,
    }
    told = [
        f"{PermitQuery.base_fields[name].label} {masked[name]}" for name in conditions
    ]
    return "，".join(told) or "授权范围内的全部申请"


def _cells(permits: QuerySet[Permit]) -> Iterator[tuple[str, ...]]:
    for permit in permits:
        yield (
            *facts(permit).values(),
            permit.organisation.name,
            permit.get_state_display(),
        )
