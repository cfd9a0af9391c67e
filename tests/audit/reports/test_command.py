"""manage.py jtsec_audit_report."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from django.core.management import CommandError, call_command

from jtsec.audit.models import AuditRecord
from jtsec.audit.reports.api import period_of
from tests.audit.reports.past import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _october(settings: Any) -> None:
    """Put one small day into October 2026."""
    settings.TIME_ZONE = "Asia/Shanghai"
    fill(period_of("daily", "2026-10-15").since)


@pytest.mark.clause("P47")
def test_a_report_is_written_and_recorded(tmp_path: Path) -> None:
    """The ending says the form; the system's own name stands in the log."""
    said, path = StringIO(), tmp_path / "report.html"
    call_command(
        "jtsec_audit_report", "security", "2026-10", output=path, json=True, stdout=said
    )
    assert json.loads(said.getvalue())["file"] == str(path)
    assert "口令猜测" in path.read_text(encoding="utf-8")
    made = AuditRecord.objects.get(code="audit:report:made")
    assert made.actor_username == "jtsec_audit_report"


@pytest.mark.parametrize(
    ("period", "name", "code"),
    [
        ("2026-13", "report.html", 2),
        ("2026-10", "report.pdf", 2),
        ("2026-10", "missing/report.html", 3),
    ],
)
def test_what_cannot_be_done_leaves_no_file(
    tmp_path: Path, period: str, name: str, code: int
) -> None:
    """Nonsense and a missing directory have codes of their own."""
    with pytest.raises(CommandError) as refused:
        call_command("jtsec_audit_report", "monthly", period, output=tmp_path / name)
    assert refused.value.returncode == code
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """Without a period, the last one that is over."""
    path = tmp_path / "report.html"
    path.write_text("old")
    call_command("jtsec_audit_report", "daily", output=path, stdout=StringIO())
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
