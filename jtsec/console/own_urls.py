"""The addresses of what everybody may pass on; included by `jtsec.urls`."""

from __future__ import annotations

from django.urls import path

from . import passing_views

urlpatterns = [
    path("passing/", passing_views.own_rights, name="passing"),
    path("passing/<uuid:number>/", passing_views.pass_on, name="passing-on"),
    path(
        "passing/<uuid:number>/<uuid:given>/end/",
        passing_views.take_back,
        name="passing-end",
    ),
]
