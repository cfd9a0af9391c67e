"""Searches an auditor keeps: own ones, checked, without words of encrypted details."""

from __future__ import annotations

import pytest

from django.test import Client

from jtsec.audit.models import AuditRecord
from jtsec.console import saved_searches
from jtsec.console.models import SavedSearch
from tests.authentication.persons import registered
from tests.console.conftest import logged_in, newest

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A5.10")]

KEEP = "/console/audit/searches/"
RECORDS = "/console/audit/records/"


def form(**changed: str) -> dict[str, str]:
    """Return the form as the page sends it."""
    conditions = "period=month&outcome=refused&column=at&column=user"
    usual = {"listing": "audit-records", "title": "被拒绝的操作"}
    return usual | {"conditions": conditions} | changed


def test_a_kept_search_is_opened_and_dropped(auditor: Client) -> None:
    """With its columns; both leave an event, and neither touches the log."""
    answer = auditor.post(KEEP, form())
    assert newest().code == "console:search:kept"
    target = answer.headers["Location"]
    assert auditor.get(target).status_code == 200
    assert "outcome=refused" in target
    assert "column=user" in target
    assert "被拒绝的操作" in auditor.get(RECORDS).content.decode()
    before = AuditRecord.objects.count()
    kept = SavedSearch.objects.get()
    assert auditor.post(f"{KEEP}{kept.pk}/drop/").status_code == 302
    assert newest().code == "console:search:dropped"
    assert not SavedSearch.objects.exists()
    assert AuditRecord.objects.count() > before


def test_the_same_name_is_kept_once(auditor: Client) -> None:
    """The newer conditions stand in its place."""
    auditor.post(KEEP, form())
    auditor.post(KEEP, form(conditions="period=week"))
    assert [one.conditions for one in SavedSearch.objects.all()] == ["period=week"]


@pytest.mark.clause("A4.4")
def test_nobody_sees_or_drops_what_another_keeps(auditor: Client) -> None:
    """Of a stranger's search nothing is told and nothing happens."""
    auditor.post(KEEP, form())
    kept = SavedSearch.objects.get()
    registered("second", 41, duty="audit")
    second = logged_in("second")
    assert "被拒绝的操作" not in second.get(RECORDS).content.decode()
    assert second.post(f"{KEEP}{kept.pk}/drop/").status_code == 404
    assert SavedSearch.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"title": " "},
        {"title": "x" * 51},
        {"title": "甲\u202e乙"},
        {"conditions": "nonsense=1"},
        {"conditions": "period=month&column=nonsense"},
        {"conditions": "details=3202"},
    ],
)
def test_nonsense_is_not_kept(auditor: Client, changed: dict[str, str]) -> None:
    """Nor a search in encrypted details, whose words are worth encrypting."""
    auditor.post(KEEP, form(**changed))
    assert not SavedSearch.objects.exists()
    assert auditor.post(KEEP, form(listing="jtsec")).status_code == 404


def test_only_so_many_are_kept(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in the place of an older one of the same name always fits."""
    monkeypatch.setattr(saved_searches, "MOST", 1)
    auditor.post(KEEP, form())
    auditor.post(KEEP, form(title="另一个"))
    auditor.post(KEEP, form(conditions="period=week"))
    assert [one.conditions for one in SavedSearch.objects.all()] == ["period=week"]


@pytest.mark.clause("A4.4")
def test_no_other_duty_keeps_searches(outsider: Client) -> None:
    """They see no log to search."""
    assert outsider.post(KEEP, form()).status_code == 403
    assert outsider.post(f"{KEEP}1/drop/").status_code == 403
