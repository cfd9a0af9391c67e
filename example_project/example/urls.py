"""Addresses of the example."""

from __future__ import annotations

from django.urls import include, path

from jtsec.access.api import media_urls

urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("console/", include("jtsec.console.urls")),
    path("api/", include("jtsec.rest.urls")),
    path("", include("permits.urls")),
    *media_urls(),
]
