"""The addresses of the security administrators' pages; included by `console.urls`."""

from __future__ import annotations

from django.urls import path, re_path

from . import access_locks_views, access_sessions_views

urlpatterns = [
    path("locks/", access_locks_views.locks, name="locks"),
    path("locks/<int:number>/", access_locks_views.lock, name="lock"),
    path("sessions/", access_sessions_views.sessions, name="live-sessions"),
    re_path(
        r"sessions/(?P<digest>[0-9a-f]{64})/\Z",
        access_sessions_views.session,
        name="live-session",
    ),
]
