"""The addresses of the audit policies and rules; included by `console.urls`."""

from __future__ import annotations

from django.urls import path

from . import policies_views, rules_views

urlpatterns = [
    path("", policies_views.policies_list, name="policies"),
    path("new/", policies_views.choose, name="policy-choose"),
    path("new/<slug:aspect>/<str:target>/", policies_views.new, name="policy-new"),
    path("<int:number>/", policies_views.policy, name="policy"),
    path("rules/<slug:name>/", rules_views.rule, name="rule"),
]
