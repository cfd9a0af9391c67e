"""The addresses of the audit's own pages; included by `console.urls`."""

from __future__ import annotations

from django.urls import path

from . import (
    export_views,
    integrity_views,
    overview_views,
    query_views,
    record_views,
    saved_searches_views,
    statistics_views,
)

urlpatterns = [
    path("", overview_views.overview, name="audit-overview"),
    path("records/", query_views.records, name="audit-records"),
    path("records/details/", query_views.details, name="audit-details"),
    path("logins/", query_views.logins, name="audit-logins"),
    path("security/", query_views.security, name="audit-security"),
    path("records/<uuid:event>/", record_views.record, name="audit-record"),
    path(
        "records/<uuid:event>/details/",
        record_views.opened_record,
        name="audit-record-open",
    ),
    path("records/<uuid:event>/proof/", record_views.proof, name="audit-proof"),
    path("records/export/", export_views.export, name="audit-export"),
    path("searches/", saved_searches_views.keep_search, name="search-keep"),
    path(
        "searches/<int:number>/drop/",
        saved_searches_views.drop_search,
        name="search-drop",
    ),
    path("statistics/", statistics_views.statistics, name="audit-statistics"),
    path(
        "statistics/export/",
        export_views.statistics_file,
        name="audit-statistics-file",
    ),
    path("integrity/", integrity_views.integrity, name="audit-integrity"),
    path("integrity/verify/", integrity_views.verify_now, name="audit-verify"),
]
