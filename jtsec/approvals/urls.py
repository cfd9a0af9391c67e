"""The addresses of approvals; included by `jtsec.urls`."""

from __future__ import annotations

from django.urls import path

from . import delegation_views, form_views, list_views, views

urlpatterns = [
    path("approvals/", list_views.my_applications, name="approvals-mine"),
    path("approvals/waiting/", list_views.waiting, name="approvals-waiting"),
    path(
        "approvals/delegations/",
        delegation_views.delegations,
        name="approvals-delegations",
    ),
    path(
        "approvals/delegations/<uuid:number>/end/",
        delegation_views.end,
        name="approvals-delegation-end",
    ),
    path("approvals/<uuid:number>/", views.application, name="approval"),
    path(
        "approvals/<uuid:number>/form.<str:form>",
        form_views.application_form,
        name="approval-form",
    ),
]
