"""Addresses of the temporary passes."""

from __future__ import annotations

from django.urls import path, re_path

from . import views

app_name = "permits"

urlpatterns = [
    path("", views.home, name="home"),
    path("permits/", views.permit_list, name="list"),
    path("permits/new/", views.permit_new, name="new"),
    path("permits/demo-error/", views.broken, name="demo-error"),
    # Nothing but a number reaches the database, whatever somebody writes there.
    re_path(r"^permits/(?P<number>TX[0-9]{16})/\Z", views.permit_detail, name="detail"),
]
