"""The addresses of the front door; included by `jtsec.urls`."""

from __future__ import annotations

from django.urls import path

from . import password_views, views

urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("last-login/", views.last_login, name="last-login"),
    path("last-login/not-me/", views.not_me, name="not-me"),
    path("password/", password_views.password_change, name="password-change"),
]
