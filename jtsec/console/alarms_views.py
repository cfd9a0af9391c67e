"""The alarms, as the audit's administrators handle them (clauses A5.5, P43, P61)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.audit.alarms.api import AlarmDelivery, rule_name, send_again, undelivered

from . import alarm_pages
from .alarm_desk import AUDIT
from .page import show


@require_safe
@requires(AUDIT.right)
@never_cache
def alarms(request: HttpRequest) -> HttpResponse:
    """List the alarms, those first that came last."""
    return alarm_pages.show_list(request, AUDIT)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(AUDIT.right)
@never_cache
@csrf_protect
def alarm(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show an alarm and take steps with it."""
    return alarm_pages.show_alarm(request, AUDIT, number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(AUDIT.right)
@never_cache
@csrf_protect
def incident(request: HttpRequest, number: UUID) -> HttpResponse:
    """Write the incident record of an alarm."""
    return alarm_pages.write_incident_page(request, AUDIT, number)


@require_safe
@requires(AUDIT.right)
@never_cache
def incident_form(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show the incident form for printing."""
    return alarm_pages.show_form(request, AUDIT, number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(AUDIT.right)
@never_cache
@csrf_protect
def deliveries(request: HttpRequest) -> HttpResponse:
    """Show the messages that did not arrive, and send one again."""
    if request.method == "POST":
        number = request.POST.get("number", "")
        wanted = AlarmDelivery.objects.filter(
            pk=int(number) if number.isdecimal() else 0
        )
        send_again(get_object_or_404(wanted.select_related("alarm")))
        return redirect("jtsec-console:alarm-deliveries")
    rows = [
        (one, rule_name(one.alarm.rule), AUDIT.address("", one.alarm))
        for one in undelivered()
    ]
    context = {"rows": rows, "list_url": AUDIT.address("s")}
    return show(request, f"{alarm_pages.FOLDER}/deliveries.html", context)
