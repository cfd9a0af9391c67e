"""Pages, REST and an admin in which applications are approved."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import include, path

from jtsec.approvals.admin import ApprovesApplications
from tests.plainapp.models import Driver


class DriverAdmin(ApprovesApplications):
    """Lists drivers, and approves what is applied for them."""


site = AdminSite()
site.register(Driver, DriverAdmin)

urlpatterns = [
    path("admin/", site.urls),
    path("accounts/", include("jtsec.urls")),
    path("api/", include("jtsec.rest.urls")),
]
