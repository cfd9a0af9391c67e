"""Every output of a project is searched for known plain values."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import pytest
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated

from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.test import Client
from django.urls import clear_url_caches, include, path

from jtsec.access.decorators import signed_in
from jtsec.audit.models import AuditRecord
from jtsec.errors import diagnosis, sealing
from jtsec.protection.masking.api import export, in_clear
from jtsec.protection.masking.rest import MaskedSerializer
from tests.plainapp.masked import Owner
from tests.protection.masking.conftest import MASKED, PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T7.2")]
logger = logging.getLogger("a.project")
PAGE = (
    "{% load jtsec_masking %}{% for row in rows|shown_to:request.user %}"
    "{{ row }} {{ row.name }} {{ row.id_number }} {{ row.phone }} {{ row.address }} "
    "{{ row.plate }} {{ row.card }} {{ row.contact }}{% endfor %}"
)


class Told(MaskedSerializer, serializers.ModelSerializer):  # type: ignore[type-arg]  # takes none at run time
    """Tells everything."""

    class Meta:
        model = Owner
        fields = "__all__"


class Listed(ListAPIView):  # type: ignore[type-arg]  # takes none at run time
    """Is an interface of the project."""

    permission_classes = (IsAuthenticated,)
    queryset = Owner.objects.all()
    serializer_class = Told


@signed_in
def listed(request: HttpRequest) -> HttpResponse:
    """Show a page, and log what is on it as nobody should."""
    for row in Owner.objects.all():
        logger.warning("seen %s: %s %s", row, row.name, vars(row))
    context = RequestContext(request, {"rows": Owner.objects.all()})
    return HttpResponse(Template(PAGE).render(context))


@signed_in
def taken(request: HttpRequest) -> HttpResponse:
    """Hand out a file."""
    names = [*PLAIN, "contact"]
    form = request.GET["form"]
    rows = Owner.objects.all()
    return export(rows, names, user=request.user, form=form).response("owners")


@signed_in
def failing(request: HttpRequest) -> HttpResponse:
    """Fail with all of a row in the message."""
    row = Owner.objects.get()
    raise RuntimeError(f"{row.name} {row.address} {row.card} {vars(row)}")


@signed_in
def clear(request: HttpRequest) -> HttpResponse:
    """Show a row in clear, and allow a cache to keep it."""
    row = Owner.objects.get()
    answer = HttpResponse(" ".join(in_clear(request, row).values()))
    answer["Cache-Control"] = "public, max-age=600"
    answer["ETag"] = '"1"'
    return answer


urlpatterns = [
    path("accounts/", include("jtsec.urls")),
    path("rows/", listed),
    path("file/", taken),
    path("api/", Listed.as_view()),
    path("fail/", failing),
    path("clear/", clear),
]


@pytest.fixture
def project(settings: Any, owner: Any, police: Any, right: None) -> Iterator[Client]:
    """Return a police officer who is logged in to a project with these pages."""
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    client = Client(raise_request_exception=False)
    client.force_login(police)
    yield client
    clear_url_caches()


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Return what a handler of the project's own, on the root, writes."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def plain_in(text: str) -> list[str]:
    """Return the clear values in an output."""
    return [value for value in PLAIN.values() if value in text]


def test_no_output_holds_a_plain_value(
    project: Client, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page, interface, workbook, document, log, error page and its diagnosis."""
    reports: list[Any] = []
    sealed = sealing.seal_report

    def keep(report: Any, key: Any) -> bytes:
        reports.append(report)
        return sealed(report, key)

    monkeypatch.setattr(diagnosis, "seal_report", keep)
    outputs: dict[str, str] = {}
    for address in ("/rows/", "/api/", "/fail/", "/file/?form=csv", "/file/?form=html"):
        outputs[address] = project.get(address).content.decode()
    for form in ("xlsx", "docx"):
        with ZipFile(BytesIO(project.get(f"/file/?form={form}").content)) as packed:
            parts = [packed.read(name) for name in packed.namelist()]
        outputs[form] = b"".join(parts).decode("utf-8", "replace")
    outputs["log"] = log.getvalue()
    outputs["diagnosis"] = "".join(one.trace for one in reports)
    outputs["audit"] = "".join(
        bytes(one.payload).decode() for one in AuditRecord.objects.all()
    )
    assert {name: plain_in(text) for name, text in outputs.items()} == {
        name: [] for name in outputs
    }
    for name in ("/rows/", "/api/", "xlsx", "docx", "log", "diagnosis"):
        assert MASKED["phone"] in outputs[name], name


@pytest.mark.clause("A6.4")
def test_a_page_with_clear_values_is_kept_by_nothing(project: Client) -> None:
    """Whatever its view says of caches; the page of masks is not kept either."""
    answer = project.get("/clear/")
    assert plain_in(answer.content.decode()) == list(PLAIN.values())
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer
    assert project.get("/rows/")["Cache-Control"] == "no-store"


def test_without_the_serializer_the_interface_tells_all(
    project: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection removed."""

    class Bare(serializers.ModelSerializer):  # type: ignore[type-arg]  # takes none at run time
        class Meta:
            model = Owner
            fields = "__all__"

    monkeypatch.setattr(Listed, "serializer_class", Bare)
    assert plain_in(project.get("/api/").content.decode())
