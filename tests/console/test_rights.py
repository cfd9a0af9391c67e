"""Who may open the audit's pages: one duty and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client
from django.urls import URLPattern, URLResolver

from jtsec.audit.models import AuditRecord
from jtsec.console import urls
from jtsec.core.exposure import Requirement


@pytest.mark.clause("A4.4", "A5.8")
def test_the_console_leads_an_auditor_to_the_overview(auditor: Client) -> None:
    """The first page of the duty, with the menu."""
    response = auditor.get("/console/")
    assert response.status_code == 302
    page = auditor.get(response.headers["Location"])
    assert page.status_code == 200
    assert 'aria-current="page"' in page.content.decode()


@pytest.mark.clause("A4.4", "A5.8")
@pytest.mark.parametrize("address", ["/console/", "/console/audit/"])
def test_other_duties_are_refused_and_recorded(outsider: Client, address: str) -> None:
    """Neither business nor the other administrators see the audit (403, event)."""
    assert outsider.get(address).status_code == 403
    refused = AuditRecord.objects.order_by("-id")[0]
    assert refused.code == "access:function:refused"
    assert refused.resource == address
    assert refused.reason == "jtsec.view_auditrecord"


def test_every_page_of_the_console_asks_for_a_right() -> None:
    """Only the door itself is for everybody who is logged in, and leads on."""
    open_to_many = [
        pattern.name
        for pattern in patterns(urls.urlpatterns)
        if requirement(pattern).kind != "right"
    ]
    assert open_to_many == ["home"]


def patterns(found: list[Any]) -> list[URLPattern]:
    """Return all patterns, those of included modules too."""
    flat: list[URLPattern] = []
    for one in found:
        flat.extend(
            patterns(one.url_patterns) if isinstance(one, URLResolver) else [one]
        )
    return flat


def requirement(pattern: URLPattern) -> Requirement:
    """Return what a view says of itself."""
    said: Requirement = pattern.callback.jtsec_requirement  # type: ignore[attr-defined]  # our mark
    return said
