"""
The pages of jtsec, as a project includes them.

    path("accounts/", include("jtsec.urls"))
"""

from __future__ import annotations

from django.urls import include, path

app_name = "jtsec"

urlpatterns = [
    path("", include("jtsec.authentication.urls")),
    path("", include("jtsec.sessions.urls")),
    path("", include("jtsec.approvals.urls")),
    path("", include("jtsec.console.own_urls")),
]
