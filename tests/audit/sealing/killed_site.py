"""One view that changes something and records it, as any view of a project does."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from jtsec.access.decorators import public
from jtsec.audit.api import record
from jtsec.authentication.models import Place
from tests.audit.declared import PermitGranted


@csrf_exempt
@public
def grant(request: HttpRequest) -> HttpResponse:
    """Grant what the request names; the answer is sent when it is committed."""
    name = request.POST["name"]
    with transaction.atomic():
        Place.objects.create(name=name, networks=[])
        record(PermitGranted(resource=name, owner="张三"))
    return HttpResponse(name)


urlpatterns = [path("grant/", grant)]
