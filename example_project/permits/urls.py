"""Addresses of the temporary passes."""

from __future__ import annotations

from django.urls import include, path, register_converter

from . import corrections, exports, interfaces, tracing, vehicles, views
from .addresses import PermitNumber

register_converter(PermitNumber, "permit")

app_name = "permits"

one = [
    path("", views.permit_detail, name="detail"),
    path("owner/", views.permit_owner, name="owner"),
    path("attachment/", views.permit_attachment, name="attachment"),
    path("vehicle/", vehicles.permit_vehicle, name="vehicle"),
    path("edit/", views.permit_edit, name="edit"),
    path("correct/", corrections.permit_correct, name="correct"),
]
interface = [
    path("", interfaces.PermitList.as_view(), name="api-list"),
    path("<permit:number>/", interfaces.PermitDetail.as_view(), name="api-detail"),
    path("<permit:number>/owner/", interfaces.PermitOwner.as_view(), name="api-owner"),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("permits/", views.permit_list, name="list"),
    path("permits/new/", views.permit_new, name="new"),
    path("permits/export/", exports.permit_export, name="export"),
    path("permits/person/", tracing.person, name="person"),
    path("permits/demo-error/", views.broken, name="demo-error"),
    path("permits/<permit:number>/", include(one)),
    path("api/permits/", include(interface)),
]
