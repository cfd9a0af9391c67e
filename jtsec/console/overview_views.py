"""The audit at a glance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jtsec.access.decorators import requires

from .menu import AUDIT
from .page import show


@require_safe
@requires(AUDIT)
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show what happened in a period, in figures and charts (clause A5.10)."""
    return show(request, "jtsec/console/audit/overview.html")
