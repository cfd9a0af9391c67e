"""The addresses of the system administrators' pages; included by `console.urls`."""

from __future__ import annotations

from django.urls import path, re_path

from . import (
    accounts_organisations_views,
    accounts_restrictions_views,
    accounts_review_views,
    accounts_user_acts_views,
    accounts_users_views,
)

CODE = r"organisations/(?P<code>\d{12})/"
QUARTER = r"review/(?P<quarter>20\d\d-Q[1-4])"

urlpatterns = [
    path(
        "organisations/",
        accounts_organisations_views.organisations,
        name="organisations",
    ),
    path(
        "organisations/new/", accounts_organisations_views.new, name="organisation-new"
    ),
    re_path(
        rf"^{CODE}\Z", accounts_organisations_views.organisation, name="organisation"
    ),
    re_path(
        rf"^{CODE}close/\Z",
        accounts_organisations_views.close,
        name="organisation-close",
    ),
    path("users/", accounts_users_views.users, name="users"),
    path("users/new/", accounts_users_views.new, name="user-new"),
    path("users/<uuid:uid>/", accounts_users_views.user, name="user"),
    path("users/<uuid:uid>/change/", accounts_users_views.edit, name="user-change"),
    path("users/<uuid:uid>/close/", accounts_user_acts_views.close, name="user-close"),
    path(
        "users/<uuid:uid>/activate/",
        accounts_user_acts_views.reopen,
        name="user-activate",
    ),
    path(
        "users/<uuid:uid>/validity/",
        accounts_user_acts_views.validity,
        name="user-validity",
    ),
    path(
        "users/<uuid:uid>/password/",
        accounts_user_acts_views.password,
        name="user-password",
    ),
    path("users/<uuid:uid>/duty/", accounts_user_acts_views.duty, name="user-duty"),
    path("users/<uuid:uid>/role/", accounts_user_acts_views.role, name="user-role"),
    path(
        "restrictions/", accounts_restrictions_views.restrictions, name="restrictions"
    ),
    path(
        "restrictions/<uuid:uid>/",
        accounts_restrictions_views.person,
        name="restrictions-of",
    ),
    path("review/", accounts_review_views.reviews, name="reviews"),
    path("review/unused/", accounts_review_views.suspend, name="review-unused"),
    re_path(rf"^{QUARTER}/\Z", accounts_review_views.review, name="review"),
    re_path(rf"^{QUARTER}/close/\Z", accounts_review_views.close, name="review-close"),
    re_path(
        rf"^{QUARTER}\.(?P<form>[a-z]{{1,8}})\Z",
        accounts_review_views.review_file,
        name="review-file",
    ),
]
