"""The addresses of the audit's own pages; included by `console.urls`."""

from __future__ import annotations

from django.urls import path

from . import overview_views

urlpatterns = [
    path("", overview_views.overview, name="audit-overview"),
]
