"""The interfaces of jtsec, included as the how-to page says."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("api/", include("jtsec.rest.urls")),
]
