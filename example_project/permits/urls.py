"""Addresses of the temporary passes."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "permits"

urlpatterns = [
    path("", views.home, name="home"),
    path("permits/", views.permit_list, name="list"),
    path("permits/new/", views.permit_new, name="new"),
    path("permits/demo-error/", views.broken, name="demo-error"),
    path("permits/<str:number>/", views.permit_detail, name="detail"),
]
