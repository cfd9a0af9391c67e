"""The reports themselves: made, recorded, and written in every form."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from jtsec.audit.models import AuditRecord
from jtsec.audit.reports import api, handling
from jtsec.audit.reports.document import Chart, Document, Facts, Table
from jtsec.audit.reports.period import today
from jtsec.core.exceptions import InputError
from tests.audit.alarms.people import raised
from tests.audit.reports.past import fill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _october(settings: Any) -> None:
    """Put one small day into October 2026."""
    settings.TIME_ZONE = "Asia/Shanghai"
    fill(api.period_of("daily", "2026-10-15").since)


def facts(document: Document) -> dict[str, Any]:
    """Return every labelled figure of a report."""
    return {
        label: value
        for section in document.sections
        for part in section.parts
        if isinstance(part, Facts)
        for label, value in part.rows
    }


def cells(document: Document) -> list[tuple[Any, ...]]:
    """Return every row of every table."""
    return [
        tuple(row)
        for section in document.sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
    ]


@pytest.mark.clause("P43")
@pytest.mark.clause("A5.10")
@pytest.mark.parametrize(
    ("kind", "text"), [("daily", "2026-10-15"), ("monthly", "2026-10")]
)
def test_the_report_of_use_counts_logins_people_and_refusals(
    kind: str, text: str
) -> None:
    """What stands in the log stands in the report."""
    document = api.make(kind, api.period_of(kind, text), maker="沈六")
    found = facts(document)
    assert found["登录成功"] == 3
    assert found["登录失败"] == 4
    assert found["登录民警"] == 2
    assert found["登录非警员"] == 1
    assert ("用户锁定", 1) in cells(document)
    assert ("=wang", "王五", "320200000000", "非警员", 2, 0) in cells(document)
    charts = [p for s in document.sections for p in s.parts if isinstance(p, Chart)]
    assert len(charts) == (1 if kind == "daily" else 3)


@pytest.mark.clause("P47")
def test_the_report_of_security_classes_attacks(settings: Any) -> None:
    """Guesses and the lock are one class, with source, user and answer."""
    document = api.make("security", api.period_of("security", "2026-10"), maker="沈六")
    guessing = next(row for row in cells(document) if row[0] == "口令猜测")
    assert guessing[1:4] == (5, 1, 1)
    assert facts(document)["用户锁定"] == 1
    assert ("192.0.2.66", 5, 1) in cells(document)


def test_making_a_report_is_recorded() -> None:
    """It shows what others did; who looked stands in the log."""
    api.make("monthly", api.period_of("monthly", "2026-10"), maker="沈六")
    made = AuditRecord.objects.get(code="audit:report:made")
    assert made.resource == "report:monthly"


def test_a_period_that_goes_on_is_preliminary() -> None:
    """Nobody files half a month for a whole one."""
    from jtsec.audit.reports.period import today

    period = api.period_of("monthly", f"{today():%Y-%m}")
    document = api.make("monthly", period, maker="沈六")
    assert any("未结束" in str(value) for _, value in document.facts)


@pytest.mark.clause("A5.10")
@pytest.mark.parametrize("form", ["html", "docx", "xlsx"])
@pytest.mark.parametrize("kind", ["daily", "monthly", "security"])
def test_every_report_is_written_in_every_form(kind: str, form: str) -> None:
    """In Chinese, with what was typed in it as text."""
    if form != "html":
        pytest.importorskip({"docx": "docx", "xlsx": "xlsxwriter"}[form])
    text = "2026-10-15" if kind == "daily" else "2026-10"
    document = api.make(kind, api.period_of(kind, text), maker="沈六")
    file = io.BytesIO()
    api.write(document, form, file)
    if form == "html":
        page = file.getvalue().decode()
        assert document.title in page
        assert "<script" not in page
        assert page.count("<svg") >= 1
        return
    with zipfile.ZipFile(file) as opened:
        whole = b"".join(opened.read(name) for name in opened.namelist()).decode(
            "utf-8", "replace"
        )
    assert document.title in whole


def test_nonsense_names_its_field() -> None:
    """No kind, no form, no period is guessed."""
    with pytest.raises(InputError) as refused:
        api.period_of("yearly", "2026")
    assert refused.value.field == "kind"
    document = api.make("daily", api.period_of("daily", "2026-10-15"), maker="沈六")
    with pytest.raises(InputError) as refused:
        api.write(document, "pdf", io.BytesIO())
    assert refused.value.field == "form"


def test_a_missing_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reports as pages need none."""
    import sys

    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.delitem(sys.modules, "jtsec.audit.reports.workbook", raising=False)
    document = api.make("daily", api.period_of("daily", "2026-10-15"), maker="沈六")
    with pytest.raises(api.LibraryMissing, match=r"pip install \"jtsec\[report\]\""):
        api.write(document, "xlsx", io.BytesIO())


def test_a_list_of_alarms_that_was_cut_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever signs the report knows that there were more."""
    period = api.period_of("monthly", f"{today():%Y-%m}")
    for number in range(3):
        raised(str(number))
    assert "3" not in handling.incidents(period).caption
    monkeypatch.setattr(handling, "LISTED", 2)
    shown = handling.incidents(period)
    assert len(shown.rows) == 2
    assert "3" in shown.caption
