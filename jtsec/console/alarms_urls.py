"""The addresses of the alarms at both desks; included by `console.urls`."""

from __future__ import annotations

from django.urls import path

from .alarm_desk import AUDIT, SECURITY
from .alarms_views import addresses_of, deliveries

urlpatterns = [
    path("audit/alarms/deliveries/", deliveries, name="alarm-deliveries"),
    *addresses_of(AUDIT, "audit/alarms/"),
    *addresses_of(SECURITY, "security/alarms/"),
]
