"""The addresses of the alarms at both desks; included by `console.urls`."""

from __future__ import annotations

from django.urls import path

from . import alarms_views, handed_alarms_views

urlpatterns = [
    path("audit/alarms/", alarms_views.alarms, name="alarms"),
    path("audit/alarms/deliveries/", alarms_views.deliveries, name="alarm-deliveries"),
    path("audit/alarms/<uuid:number>/", alarms_views.alarm, name="alarm"),
    path(
        "audit/alarms/<uuid:number>/incident/",
        alarms_views.incident,
        name="alarm-incident",
    ),
    path(
        "audit/alarms/<uuid:number>/form/",
        alarms_views.incident_form,
        name="alarm-form",
    ),
    path("security/alarms/", handed_alarms_views.alarms, name="handed-alarms"),
    path(
        "security/alarms/<uuid:number>/",
        handed_alarms_views.alarm,
        name="handed-alarm",
    ),
    path(
        "security/alarms/<uuid:number>/incident/",
        handed_alarms_views.incident,
        name="handed-alarm-incident",
    ),
    path(
        "security/alarms/<uuid:number>/form/",
        handed_alarms_views.incident_form,
        name="handed-alarm-form",
    ),
]
