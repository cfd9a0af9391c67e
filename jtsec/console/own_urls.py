"""The addresses of everybody's own pages; included by `jtsec.urls`."""

from __future__ import annotations

from django.urls import path

from . import own_logins_views, own_profile_views, passing_views

urlpatterns = [
    path("profile/", own_profile_views.profile, name="profile"),
    path("logins/", own_logins_views.logins, name="my-logins"),
    path("passing/", passing_views.own_rights, name="passing"),
    path("passing/<uuid:number>/", passing_views.pass_on, name="passing-on"),
    path(
        "passing/<uuid:number>/<uuid:given>/end/",
        passing_views.take_back,
        name="passing-end",
    ),
]
