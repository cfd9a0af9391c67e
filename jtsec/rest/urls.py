"""
The interfaces of jtsec for programs, as a project includes them.

    path("api/approvals/", include("jtsec.rest.urls"))
"""

from __future__ import annotations

from django.urls import path

from . import approvals

app_name = "jtsec-rest"

urlpatterns = [
    path("", approvals.MyRequests.as_view(), name="approvals"),
    path("waiting/", approvals.WaitingRequests.as_view(), name="approvals-waiting"),
    path("<uuid:request_id>/", approvals.OneRequest.as_view(), name="approval"),
    *(
        path(
            f"<uuid:request_id>/{verb}/",
            approvals.Decide.as_view(),
            {"verb": verb},
            name=f"approval-{verb}",
        )
        for verb in approvals.VERBS
    ),
]
