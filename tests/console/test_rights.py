"""Who may open the audit's pages: one duty and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client
from django.urls import URLPattern, URLResolver

from jtsec.audit.models import AuditRecord
from jtsec.console import urls
from jtsec.core.exposure import Requirement
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered
from tests.console.conftest import logged_in


def newest_refusal() -> AuditRecord:
    """Return the newest refusal; a flood of them may have been told after it."""
    rows = AuditRecord.objects.filter(code="access:function:refused")
    return rows.order_by("-id")[0]


@pytest.mark.clause("A4.4", "A5.8")
def test_the_console_leads_an_auditor_to_the_overview(auditor: Client) -> None:
    """The first page of the duty, with the menu."""
    response = auditor.get("/console/")
    assert response.status_code == 302
    page = auditor.get(response.headers["Location"])
    assert page.status_code == 200
    assert 'aria-current="page"' in page.content.decode()


@pytest.mark.clause("A4.4", "A5.8")
@pytest.mark.parametrize(
    "address",
    [
        "/console/audit/",
        "/console/audit/records/",
        "/console/audit/logins/",
        "/console/audit/security/",
        "/console/audit/records/0198c1f0-0000-7000-8000-000000000001/",
        "/console/audit/records/0198c1f0-0000-7000-8000-000000000001/proof/",
        "/console/audit/records/export/?form=csv",
        "/console/audit/statistics/",
        "/console/audit/statistics/export/",
        "/console/audit/integrity/",
    ],
)
def test_other_duties_are_refused_and_recorded(outsider: Client, address: str) -> None:
    """Neither business nor the other administrators see the audit (403, event)."""
    assert outsider.get(address).status_code == 403
    refused = newest_refusal()
    assert refused.code == "access:function:refused"
    assert refused.resource == address.split("?", maxsplit=1)[0]
    assert refused.reason == "wrong-duty"


@pytest.mark.clause("A5.8")
def test_other_duties_cannot_read_details_or_verify(outsider: Client) -> None:
    """Nor by sending the forms of pages they do not see."""
    event = "0198c1f0-0000-7000-8000-000000000001"
    for address, right in (
        (f"/console/audit/records/{event}/details/", "jtsec.read_audit_details"),
        ("/console/audit/integrity/verify/", "jtsec.view_auditrecord"),
    ):
        assert outsider.post(address).status_code == 403
        refused = newest_refusal()
        assert (refused.code, refused.reason) == (
            "access:function:refused",
            "wrong-duty",
        )
        assert right.encode() in bytes(refused.payload)


@pytest.mark.clause("A4.4")
def test_the_console_has_no_door_for_business(
    db: None,
    cheap_passwords: None,  # noqa: F811 - a fixture
) -> None:
    """Who has no page there is refused at the door already, with an event."""
    registered("zhang", 21)
    assert logged_in("zhang").get("/console/").status_code == 403
    refused = newest_refusal()
    assert (refused.code, refused.resource) == ("access:function:refused", "/console/")


@pytest.mark.clause("A5.8")
def test_nothing_in_the_console_changes_or_removes_a_record(auditor: Client) -> None:
    """There is no address and no form for it; the pages only read the log."""
    words = ("delete", "remove", "clear", "purge", "edit")
    named = [p.name for p in patterns(urls.urlpatterns) if p.name]
    assert [name for name in named if any(word in name for word in words)] == []
    assert auditor.post("/console/audit/records/").status_code == 405
    assert auditor.delete("/console/audit/records/").status_code == 405


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
