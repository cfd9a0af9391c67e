"""A site that gives out files."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.views.static import serve

from jtsec.access.decorators import signed_in
from jtsec.access.guarded_files import media_urls, serve_file
from tests.access.scoped_models import Folder


@signed_in
def folder_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the file of a folder, whoever may see it is decided there."""
    folder = get_object_or_404(Folder.objects.unscoped("decided on the row"), pk=pk)
    return serve_file(request, folder, "file")


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("folders/<int:pk>/file/", folder_file),
    path("open/<path:path>", serve, {"document_root": "uploads"}),
    *media_urls(),
]
