"""Who is put out of use behind the api's back loses the session, with an event."""

from __future__ import annotations

from typing import Any

import pytest

from django.test import Client

from jtsec import middleware
from jtsec.audit.models import AuditRecord
from jtsec.sessions.models import Session
from tests.authentication.persons import by_sql

pytestmark = [pytest.mark.clause("A3.2.8"), pytest.mark.django_db(transaction=True)]
COLUMNS = [("is_active", False), ("is_superuser", True)]


@pytest.mark.parametrize(("column", "value"), COLUMNS)
def test_the_session_ends_with_a_reason_and_an_event(
    browser: Client, zhang: Any, column: str, value: bool
) -> None:
    """The place is free again, and the next page says what happened."""
    by_sql(type(zhang)._meta.db_table, column, value, id=zhang.pk)
    answer = browser.get("/member/")
    assert answer.status_code == 302
    row = Session.objects.get(user=zhang)
    assert row.ended_why == "not-permitted"
    event = AuditRecord.objects.get(code="sessions:session:ended")
    assert (event.subject, event.reason) == ("zhang", "not-permitted")
    page = browser.get(answer["Location"]).content.decode()
    assert "不再允许" in page or "may not be logged in any more" in page
    by_sql(type(zhang)._meta.db_table, column, not value, id=zhang.pk)
    assert browser.get("/member/").status_code == 302


def test_without_it_the_session_waits_to_be_used_again(
    browser: Client, zhang: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: nobody notices, and the session lives on."""
    monkeypatch.setattr(middleware, "end_unfounded", lambda request: None)
    by_sql(type(zhang)._meta.db_table, "is_superuser", True, id=zhang.pk)
    assert browser.get("/member/").status_code == 302
    assert not AuditRecord.objects.filter(code="sessions:session:ended").exists()
    by_sql(type(zhang)._meta.db_table, "is_superuser", False, id=zhang.pk)
    assert browser.get("/member/").status_code == 200
