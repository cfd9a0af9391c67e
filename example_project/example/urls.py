"""Addresses of the example."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("console/", include("jtsec.console.urls")),
    path("", include("permits.urls")),
]
