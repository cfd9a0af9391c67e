"""
The interfaces of jtsec for programs, as a project includes them.

    path("api/", include("jtsec.rest.urls"))
"""

from __future__ import annotations

from django.apps import apps
from django.urls import URLPattern, path, re_path

from . import approvals, audit_records, logins, own_sessions

app_name = "jtsec-rest"

urlpatterns: list[URLPattern] = [
    path("notice/", logins.LoginNotice.as_view(), name="notice"),
    path("sessions/", own_sessions.OwnSessions.as_view(), name="sessions"),
    path(
        "sessions/end-others/",
        own_sessions.OtherSessions.as_view(),
        name="sessions-end-others",
    ),
    re_path(
        r"^sessions/(?P<session>[0-9a-f]{64})/$",
        own_sessions.OneSession.as_view(),
        name="session",
    ),
    path("approvals/", approvals.MyRequests.as_view(), name="approvals"),
    path(
        "approvals/waiting/",
        approvals.WaitingRequests.as_view(),
        name="approvals-waiting",
    ),
    path(
        "approvals/<uuid:request_id>/", approvals.OneRequest.as_view(), name="approval"
    ),
    *(
        path(
            f"approvals/<uuid:request_id>/{verb}/",
            approvals.Decide.as_view(),
            {"verb": verb},
            name=f"approval-{verb}",
        )
        for verb in approvals.VERBS
    ),
    path("audit/records/", audit_records.Events.as_view(), name="audit-records"),
    path(
        "audit/records/<uuid:event>/",
        audit_records.OneEvent.as_view(),
        name="audit-record",
    ),
]

if apps.is_installed("drf_spectacular"):
    from .description import Description  # after what says that it can be imported

    urlpatterns.append(path("schema/", Description.as_view(), name="schema"))
