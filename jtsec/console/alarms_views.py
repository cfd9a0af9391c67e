"""
The alarms at their two desks: the audit's, and the security administrators'.

The audit's administrators handle all of them (clauses A5.5, P43, P61); the security
administrators those that were handed to them (clause A4.4). The pages are the same and
stand at two addresses, each behind the right of its desk.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from jtsec.access.decorators import requires
from jtsec.audit.alarms.api import AlarmDelivery, rule_name, send_again, undelivered

from . import alarm_pages
from .alarm_desk import AUDIT, Desk
from .page import show

ALARM: Final = "<uuid:number>/"
NUMBER_LENGTH: Final = 19
"""Digits of the largest key; Python refuses to read some thousands of them."""

Page = Callable[..., HttpResponse]


def addresses_of(desk: Desk, place: str) -> list[URLPattern]:
    """
    Return the addresses of a desk's alarms.

    Args:
        desk: which.
        place: where in the console they stand, with a slash at its end.
    """
    alarm, name = place + ALARM, desk.name
    pages = (
        (place, _read(desk, alarm_pages.show_list), f"{name}s"),
        (alarm, _written(desk, alarm_pages.show_alarm), name),
        (
            f"{alarm}incident/",
            _written(desk, alarm_pages.write_incident_page),
            f"{name}-incident",
        ),
        (f"{alarm}form/", _read(desk, alarm_pages.show_form), f"{name}-form"),
        (
            f"{alarm}form.docx",
            _read(desk, alarm_pages.hand_out_form),
            f"{name}-form-file",
        ),
    )
    return [path(route, view, name=called) for route, view, called in pages]


def _read(desk: Desk, page: Page) -> Page:
    return require_safe(_guarded(desk, page))


def _written(desk: Desk, page: Page) -> Page:
    written = csrf_protect(_guarded(desk, page))
    return require_http_methods(["GET", "HEAD", "POST"])(written)


def _guarded(desk: Desk, page: Page) -> Page:
    @requires(desk.right)
    @never_cache
    @wraps(page)
    def view(request: HttpRequest, **kwargs: UUID) -> HttpResponse:
        return page(request, desk, **kwargs)

    return view


@require_http_methods(["GET", "HEAD", "POST"])
@requires(AUDIT.right)
@never_cache
@csrf_protect
def deliveries(request: HttpRequest) -> HttpResponse:
    """Show the messages that did not arrive, and send one again."""
    if request.method == "POST":
        number = request.POST.get("number", "")
        is_one = number.isdecimal() and len(number) <= NUMBER_LENGTH
        wanted = AlarmDelivery.objects.filter(pk=int(number) if is_one else 0)
        send_again(get_object_or_404(wanted.select_related("alarm")))
        return redirect("jtsec-console:alarm-deliveries")
    rows = [
        (one, rule_name(one.alarm.rule), AUDIT.address("", one.alarm))
        for one in undelivered()
    ]
    context = {"rows": rows, "list_url": AUDIT.address("s")}
    return show(request, f"{alarm_pages.FOLDER}/deliveries.html", context)
