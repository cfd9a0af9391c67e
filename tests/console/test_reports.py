"""The reports in the console: asked for, shown, taken away, and recorded."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from django.test import Client

from jtsec.audit.models import AuditRecord
from jtsec.audit.reports.api import period_of
from tests.audit.reports.past import fill

ADDRESS = "/console/audit/reports/"


@pytest.fixture(autouse=True)
def _october(auditor: Client, settings: Any) -> None:
    """Put one small day into October 2026."""
    settings.TIME_ZONE = "Asia/Shanghai"
    fill(period_of("daily", "2026-10-15").since)


@pytest.mark.clause("A5.10")
def test_the_form_leads_to_the_report(auditor: Client) -> None:
    """An auditor chooses a kind and a month, and reads."""
    assert auditor.get(ADDRESS).status_code == 200
    chosen = auditor.get(ADDRESS, {"kind": "security", "period": "2026-10"})
    assert chosen.status_code == 302
    page = auditor.get(chosen.headers["Location"]).content.decode()
    assert "安全情况月报" in page
    assert "口令猜测" in page
    assert "<svg" in page
    assert "style=" not in page
    assert "<script" not in page.replace("jtsec/idle.js", "").replace("<script src", "")


@pytest.mark.clause("A5.10", "P43", "P47")
@pytest.mark.parametrize("form", ["html", "docx", "xlsx"])
def test_a_report_is_taken_away(auditor: Client, form: str) -> None:
    """With a name that says what it is, and an event that says who took it."""
    if form != "html":
        pytest.importorskip({"docx": "docx", "xlsx": "xlsxwriter"}[form])
    answer = auditor.get(f"{ADDRESS}monthly/2026-10.{form}")
    assert answer.status_code == 200
    said = answer.headers["Content-Disposition"]
    assert said == f'attachment; filename="monthly-2026-10.{form}"'
    if form != "html":
        assert zipfile.is_zipfile(io.BytesIO(answer.content))
    made = AuditRecord.objects.get(code="audit:report:made")
    assert made.actor_username == "auditor"


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"kind": "yearly", "period": "2026"}, "种类"),
        ({"kind": "monthly", "period": "October"}, "2026-11"),
        ({"kind": "monthly", "period": "2031-01"}, "尚未开始"),
        ({"kind": "monthly", "period": "\x00"}, "2026-11"),
        ({"kind": "daily", "period": "2026-02-31"}, "2026-11-22"),
    ],
)
def test_nonsense_is_answered_with_the_form(
    auditor: Client, query: dict[str, str], named: str
) -> None:
    """400, and what is wrong; nothing is recorded as made."""
    answer = auditor.get(ADDRESS, query)
    assert answer.status_code == 400
    assert named in answer.content.decode()
    assert not AuditRecord.objects.filter(code="audit:report:made").exists()


@pytest.mark.parametrize(
    "path", ["monthly/2026-13/", "yearly/2026-10/", "monthly/2026-10.pdf"]
)
def test_an_address_made_up_is_answered_with_the_form(
    auditor: Client, path: str
) -> None:
    """Not by an error."""
    assert auditor.get(ADDRESS + path).status_code == 400
