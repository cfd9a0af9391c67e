"""Keeping a search of the audit, and keeping it no longer (clause A5.10)."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from jtsec.access.decorators import requires
from jtsec.core.context import current
from jtsec.core.exceptions import InputError

from .acting import tell_done
from .menu import AUDIT
from .saved_searches import drop, keep

LISTINGS: Final = ("audit-records", "audit-logins", "audit-security")


@require_POST
@csrf_protect
@requires(AUDIT)
@never_cache
def keep_search(request: HttpRequest) -> HttpResponse:
    """Keep the search of a list under a name, and lead back to it."""
    listing = request.POST.get("listing", "")
    if listing not in LISTINGS:
        raise Http404
    back = reverse(f"jtsec-console:{listing}")
    try:
        kept = keep(
            current().actor.uid,
            listing,
            request.POST.get("title", ""),
            request.POST.get("conditions", "")[:4000],
        )
    except InputError as error:
        messages.error(request, str(error), fail_silently=True)
        return redirect(back)
    tell_done(request, _("The search is kept. Only you see it."))
    return redirect(f"{back}?{kept.conditions}")


@require_POST
@csrf_protect
@requires(AUDIT)
@never_cache
def drop_search(request: HttpRequest, number: int) -> HttpResponse:
    """Keep a search no longer; the log it searched is not touched."""
    listing = drop(current().actor.uid, number)
    if listing not in LISTINGS:
        raise Http404
    tell_done(request, _("The search is no longer kept."))
    return redirect(f"jtsec-console:{listing}")
