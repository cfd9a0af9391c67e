"""The addresses of the reports; included by `console.urls`."""

from __future__ import annotations

from django.urls import path, re_path

from . import reports_views

PERIOD = r"(?P<kind>[a-z]{1,16})/(?P<period>[0-9-]{7,10})"

urlpatterns = [
    path("", reports_views.reports, name="reports"),
    re_path(rf"^{PERIOD}/\Z", reports_views.report, name="report"),
    re_path(
        rf"^{PERIOD}\.(?P<form>[a-z]{{1,8}})\Z",
        reports_views.report_file,
        name="report-file",
    ),
]
