"""
The pages of the console, as a project includes them.

    path("console/", include("jtsec.console.urls"))

Each subject has a module of its own patterns and one line here.
"""

from __future__ import annotations

from django.urls import include, path

from . import archive_views, views

app_name = "jtsec-console"

urlpatterns = [
    path("", views.home, name="home"),
    path("audit/", include("jtsec.console.audit_urls")),
    path("", include("jtsec.console.alarms_urls")),
    path("audit/policies/", include("jtsec.console.policies_urls")),
    path("audit/reports/", include("jtsec.console.reports_urls")),
    path("", include("jtsec.console.standing_urls")),
    path("system/", include("jtsec.console.accounts_urls")),
    path("security/", include("jtsec.console.access_urls")),
    path("audit/archive/", archive_views.archive, name="archive"),
]
