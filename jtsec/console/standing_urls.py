"""The addresses of overviews, settings, keys and exports; in `console.urls`."""

from __future__ import annotations

from django.urls import path

from . import (
    accounts_import_views,
    keys_views,
    parameters_views,
    people_export_views,
    rights_export_views,
    security_overview_views,
    security_policy_views,
    system_overview_views,
    task_run_views,
    tasks_views,
)

urlpatterns = [
    path("system/", system_overview_views.overview, name="system-overview"),
    path("system/parameters/", parameters_views.all_parameters, name="parameters"),
    path("system/tasks/", tasks_views.all_tasks, name="tasks"),
    path("system/tasks/<slug:code>/run/", task_run_views.run, name="task-run"),
    path("system/keys/", keys_views.keys, name="keys"),
    path("system/users/import/", accounts_import_views.upload, name="users-import"),
    path("system/users/export/", people_export_views.users, name="users-file"),
    path("security/roles/export/", rights_export_views.rights, name="rights-file"),
    path(
        "security/sessions/export/", people_export_views.sessions, name="sessions-file"
    ),
    path("security/locks/export/", people_export_views.locks, name="locks-file"),
    path("security/", security_overview_views.overview, name="security-overview"),
    path("security/policy/", security_policy_views.policy, name="security-policy"),
    path(
        "security/policy/<slug:word>/", security_policy_views.policy, name="policy-tab"
    ),
]
