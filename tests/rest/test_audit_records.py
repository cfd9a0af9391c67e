"""The audit query for programs keeps the rules of the page (clause A5.10)."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("rest_framework")

from jtsec.audit.coverage import attacks
from jtsec.audit.models import AuditRecord
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.rest.callers import caller

pytestmark = [pytest.mark.clause("A5.10"), pytest.mark.django_db(transaction=True)]
PLACE = "/api/audit/records/"


@pytest.fixture(autouse=True)
def site(settings: Any, cheap_passwords: None) -> None:  # noqa: F811 - a fixture
    """Serve the interfaces, three events a page."""
    settings.ROOT_URLCONF = "tests.rest.interface_urls"
    settings.SESSION_COOKIE_SECURE = False
    settings.REST_FRAMEWORK = {
        "EXCEPTION_HANDLER": "jtsec.errors.rest.exception_handler"
    }
    settings.JTSEC_AUDIT_QUERY_PAGE_ROWS = 10
    attacks.forget()


def test_an_auditor_walks_through_all_pages() -> None:
    """Each event once, the newest first; and the search itself is on record."""
    auditor = caller("audit")
    for _one in range(12):
        auditor.get("/api/sessions/nonsense/")
    known = set(AuditRecord.objects.values_list("event_id", flat=True))
    seen: list[str] = []
    after = ""
    while True:
        page = auditor.get(f"{PLACE}?period=day{after}").json()
        seen += [row["event_id"] for row in page["results"]]
        if page["older"] is None:
            break
        after = f"&after={page['older']}"
    assert len(seen) == len(set(seen))
    assert {str(one) for one in known} <= set(seen)
    assert AuditRecord.objects.filter(code__contains="quer").exists()


def test_conditions_are_those_of_the_page() -> None:
    """By the same names; what makes no sense is status 400 with its field."""
    auditor = caller("audit")
    found = auditor.get(f"{PLACE}?code=authentication:login:*&outcome=done").json()
    (row,) = found["results"]
    assert (row["actor_username"], row["outcome"]) == ("audit8", "done")
    assert (row["state"], row["severity"]) == ("whole", "info")
    for query, field in (
        ("nonsense=1", "nonsense"),
        ("outcome=x", "outcome"),
        ("after=x", "after"),
        ("after=1&before=2", "before"),
        ("details=110101", "details"),
        ("text=%00", "text"),
    ):
        answer = auditor.get(f"{PLACE}?{query}")
        assert (answer.status_code, answer.json()["field"]) == (400, field)


def test_one_event_is_told_whole_and_who_looked_is_recorded() -> None:
    """What is encrypted in it stays so."""
    auditor = caller("audit")
    (row,) = auditor.get(f"{PLACE}?code=authentication:login:*").json()["results"]
    told = auditor.get(f"{PLACE}{row['event_id']}/").json()
    assert told["event_id"] == row["event_id"]
    assert isinstance(told["data"], dict)
    assert AuditRecord.objects.filter(
        resource=f"jtsec.auditrecord:{row['event_id']}"
    ).exists()
    nobody = "0198c1f0-7a3e-7c5d-9b1e-2f6a4d8c0b17"
    assert auditor.get(f"{PLACE}{nobody}/").status_code == 404


@pytest.mark.clause("A4.13")
@pytest.mark.parametrize("duty", ["business", "system", "security"])
def test_nobody_else_reads_the_log(duty: str) -> None:
    """Status 403, and an attack on an interface."""
    other = caller(duty)
    assert other.get(PLACE).status_code == 403
    event = AuditRecord.objects.values_list("event_id", flat=True)[0]
    assert other.get(f"{PLACE}{event}/").status_code == 403
    assert AuditRecord.objects.filter(code="audit:attack:interface").exists()
