"""The addresses of jtsec, for suites that bring their own with each test."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("jtsec/", include("jtsec.urls"))]
