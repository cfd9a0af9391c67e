"""The alarms that were handed to the security administrators (clauses A4.4, P61)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires

from . import alarm_pages
from .alarm_desk import SECURITY


@require_safe
@requires(SECURITY.right)
@never_cache
def alarms(request: HttpRequest) -> HttpResponse:
    """List the alarms that were handed over."""
    return alarm_pages.show_list(request, SECURITY)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(SECURITY.right)
@never_cache
@csrf_protect
def alarm(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show such an alarm and take steps with it."""
    return alarm_pages.show_alarm(request, SECURITY, number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(SECURITY.right)
@never_cache
@csrf_protect
def incident(request: HttpRequest, number: UUID) -> HttpResponse:
    """Write the incident record of such an alarm."""
    return alarm_pages.write_incident_page(request, SECURITY, number)


@require_safe
@requires(SECURITY.right)
@never_cache
def incident_form(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show the incident form for printing."""
    return alarm_pages.show_form(request, SECURITY, number)
