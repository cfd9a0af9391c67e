"""The addresses of the security administrators' pages; included by `console.urls`."""

from __future__ import annotations

from django.urls import path, re_path

from . import (
    access_assignments_views,
    access_clients_views,
    access_conflicts_views,
    access_functions_views,
    access_locks_views,
    access_posts_views,
    access_propagation_views,
    access_requests_views,
    access_roles_views,
    access_sessions_views,
    access_terminals_views,
)

urlpatterns = [
    path("functions/", access_functions_views.all_functions, name="functions"),
    path("roles/", access_roles_views.roles, name="roles"),
    path("roles/new/", access_roles_views.choose, name="role-choose"),
    path("roles/new/<slug:duty>/", access_roles_views.new, name="role-new"),
    path("roles/of/<slug:code>/", access_roles_views.role, name="role"),
    path("roles/of/<slug:code>/end/", access_roles_views.end, name="role-end"),
    path("grants/", access_assignments_views.people, name="assignments"),
    path("grants/<uuid:uid>/", access_assignments_views.person, name="assignments-of"),
    path(
        "grants/end/<uuid:number>/",
        access_assignments_views.take_back,
        name="assignment-end",
    ),
    path("terminals/", access_terminals_views.terminals, name="terminals"),
    path("terminals/<uuid:uid>/", access_terminals_views.person, name="terminals-of"),
    path(
        "terminals/end/<uuid:number>/",
        access_terminals_views.take_back,
        name="terminal-end",
    ),
    path("clients/", access_clients_views.clients, name="clients"),
    path("clients/new/", access_clients_views.register, name="client-new"),
    path("clients/of/<slug:code>/end/", access_clients_views.end, name="client-end"),
    path("propagation/", access_propagation_views.propagations, name="propagations"),
    path(
        "propagation/<uuid:uid>/",
        access_propagation_views.person,
        name="propagations-of",
    ),
    path(
        "propagation/end/<uuid:number>/",
        access_propagation_views.take_back,
        name="propagation-end",
    ),
    path(
        "propagation/received/end/<uuid:number>/",
        access_propagation_views.take_use_back,
        name="received-end",
    ),
    path("posts/", access_posts_views.all_posts, name="posts"),
    path("posts/<uuid:uid>/", access_posts_views.person, name="posts-of"),
    path(
        "posts/<uuid:uid>/<slug:code>/end/",
        access_posts_views.take_back,
        name="post-end",
    ),
    path("conflicts/", access_conflicts_views.conflicts, name="conflicts"),
    path("requests/", access_requests_views.requests, name="role-requests"),
    path("locks/", access_locks_views.locks, name="locks"),
    path("locks/<int:number>/", access_locks_views.lock, name="lock"),
    path("sessions/", access_sessions_views.sessions, name="live-sessions"),
    re_path(
        r"sessions/(?P<digest>[0-9a-f]{64})/\Z",
        access_sessions_views.session,
        name="live-session",
    ),
]
