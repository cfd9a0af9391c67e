"""Everything that is known of one person: an important query (clauses A4.11, A5.1)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jtsec.access.decorators import requires
from jtsec.audit.api import record
from jtsec.audit.coverage.api import audit_query

from .events import PersonTraced
from .forms import PersonQuery
from .functions import TRACE
from .models import Permit

MOST = 200


@require_http_methods(["GET", "POST"])
@requires(TRACE)
@never_cache
def person(request: HttpRequest) -> HttpResponse:
    """
    List a person's passes: to police, at their own terminal, who say why.

    What was asked for is recorded whether or not anything was found: also "there is
    nothing" tells something of a person.
    """
    form = PersonQuery(request.POST or None)
    if not form.is_valid():
        status = 400 if request.method == "POST" else 200
        context = {"form": form, "permits": None}
        return render(request, "permits/person.html", context, status=status)
    number = form.cleaned_data["owner_id_number"]
    permits = Permit.objects.visible_to(request.user, TRACE)
    permits = permits.filter(owner_id_number=number).select_related("organisation")
    found = list(audit_query(permits, conditions={"owner_id_number": number})[:MOST])
    record(
        PersonTraced(
            resource="permits.person",
            reason=form.cleaned_data["reason"],
            id_number=number,
            found=len(found),
        )
    )
    context = {"form": form, "permits": found, "asked": Permit(owner_id_number=number)}
    return render(request, "permits/person.html", context)
