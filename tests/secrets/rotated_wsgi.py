"""One page that reads and writes, and says as which account; for gunicorn."""

from __future__ import annotations

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.secrets.rotated_settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from uuid import uuid4  # noqa: E402 - beside its only use

from django.db import connection, transaction  # noqa: E402 - needs the apps
from django.http import HttpRequest, HttpResponse  # noqa: E402 - needs the apps
from django.urls import path  # noqa: E402 - needs the apps

from jtsec.authentication.models import Place  # noqa: E402 - needs the apps


def work(request: HttpRequest) -> HttpResponse:
    """Write a row, and answer with the name of the account that did it."""
    with transaction.atomic(), connection.cursor() as cursor:
        Place.objects.create(name=str(uuid4()), networks=[])
        whose = "session_user" if connection.vendor == "postgresql" else "user()"
        cursor.execute(f"SELECT {whose}")
        return HttpResponse(cursor.fetchone()[0].split("@")[0])


urlpatterns = [path("", work)]
