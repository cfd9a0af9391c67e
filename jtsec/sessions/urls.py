"""The addresses of the sessions' pages; included by `jtsec.urls`."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("sessions/", views.my_sessions, name="my-sessions"),
    path("sessions/end/", views.end_session, name="session-end"),
    path("sessions/end-others/", views.end_other_sessions, name="sessions-end-others"),
    path("sessions/keep-alive/", views.keep_alive, name="session-keep-alive"),
]
