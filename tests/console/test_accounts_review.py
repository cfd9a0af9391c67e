"""The pages of the quarterly review, and of accounts long unused."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from django.test import Client

from jtsec.accounts.models import AccountReview, ReviewedAccount
from jtsec.accounts.quarters import this_quarter
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from tests.accounts.people import is_in_use, unused_for
from tests.authentication.conftest import clock  # noqa: F401
from tests.authentication.persons import registered
from tests.console.test_accounts import REVIEWS, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(system_admin: Client) -> str:
    """Return the address of a review that was opened on the page."""
    registered("bob", 33, duty="system")
    registered("li", 34)
    assert system_admin.post(REVIEWS, {"reason": "第四季度"}).status_code == 302
    return f"{REVIEWS}{this_quarter()}/"


def numbers(*usernames: str) -> list[str]:
    """Return the numbers of some accounts on the list, as the form sends them."""
    rows = ReviewedAccount.objects.filter(username__in=usernames)
    return [str(row.pk) for row in rows]


@pytest.mark.clause("P32")
def test_a_review_is_opened_answered_and_closed_by_hand(
    system_admin: Client,
    review: str,
    clock: Any,  # noqa: F811 - a fixture
) -> None:
    """What was struck off goes; the record is there to be taken away."""
    page = read(system_admin, review)
    assert page.count('name="account"') == 3
    form = {"account": numbers("zhang", "bob"), "act": "confirm", "reason": ""}
    assert system_admin.post(review, form).status_code == 302
    form = {"account": numbers("li"), "act": "strike", "reason": "已调离"}
    assert system_admin.post(review, form).status_code == 302
    assert system_admin.post(f"{review}close/", {"reason": "x"}).status_code == 400
    row = ReviewedAccount.objects.get(username="li")
    assert (row.verdict, row.verdict_why) == ("struck", "已调离")
    assert "已调离" in read(system_admin, f"{review}?show=struck")
    assert "li" not in ReviewedAccount.objects.exclude(verdict="struck").values_list(
        "username", flat=True
    )
    AccountReview.objects.get()
    clock.advance(minutes=1)
    answer = system_admin.post(
        review, {"account": numbers("sysadmin"), "act": "confirm"}
    )
    assert answer.status_code == 400
    assert is_in_use("li")


@pytest.mark.clause("P32")
def test_closing_puts_out_of_use_what_is_not_needed(
    system_admin: Client,
    review: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once the time is over; the page then shows what became of each account."""
    form = {"account": numbers("zhang"), "act": "confirm"}
    assert system_admin.post(review, form).status_code == 302
    later = now() + timedelta(days=31)
    monkeypatch.setattr("jtsec.accounts.review.now", lambda: later)
    assert system_admin.get(f"{review}close/").status_code == 200
    assert system_admin.post(f"{review}close/", {"reason": ""}).status_code == 400
    answer = system_admin.post(f"{review}close/", {"reason": "按季清理"})
    assert answer.status_code == 302
    assert [name for name in ("zhang", "li", "bob") if is_in_use(name)] == ["zhang"]
    assert is_in_use("sysadmin")
    page = read(system_admin, review)
    assert 'name="account"' not in page
    assert system_admin.post(f"{review}close/", {"reason": "x"}).status_code == 400


@pytest.mark.clause("P32")
@pytest.mark.parametrize("form", ["docx", "xlsx", "html"])
def test_the_record_is_handed_out_as_a_file(
    system_admin: Client,
    review: str,
    form: str,
) -> None:
    """Whole and readable; that it left is recorded."""
    answer = system_admin.get(f"{review[:-1]}.{form}")
    assert answer.status_code == 200
    assert f".{form}" in answer.headers["Content-Disposition"]
    if form == "html":
        assert "zhang" in answer.content.decode()
    else:
        assert ZipFile(BytesIO(answer.content)).testzip() is None
    event = AuditRecord.objects.get(code="accounts:review:exported")
    assert event.actor_username == "sysadmin"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"account": [], "act": "confirm"}, 400),
        ({"account": ["x"], "act": "confirm"}, 400),
        ({"account": ["li"], "act": "strike", "reason": ""}, 400),
        ({"account": ["li"], "act": "strike", "reason": "x" * 201}, 400),
    ],
)
def test_malformed_answers_change_nothing(
    system_admin: Client,
    review: str,
    form: dict[str, Any],
    status: int,
) -> None:
    """400, and the page again."""
    if form.get("account") == ["li"]:
        form = form | {"account": numbers("li")}
    assert system_admin.post(review, form).status_code == status
    assert not ReviewedAccount.objects.exclude(verdict="").exists()


def test_what_does_not_exist_is_not_there(system_admin: Client, review: str) -> None:
    """Another quarter, another form, a second review of this one."""
    for address in ("2001-Q1/", "2026-Q5/", "x/", f"{this_quarter()}.pdf"):
        assert system_admin.get(f"{REVIEWS}{address}").status_code == 404
    assert system_admin.post(REVIEWS, {"reason": "again"}).status_code == 400
    assert AccountReview.objects.count() == 1


def test_an_altered_list_is_refused_on_every_page(
    system_admin: Client,
    review: str,
) -> None:
    """With a sentence; the alarm is recorded, nobody is put out of use."""
    rows = ReviewedAccount.objects.filter(username="li")
    rows._raw_delete(rows.db)
    for address in (review, f"{review}close/", f"{review[:-1]}.html"):
        assert system_admin.get(address).status_code == 403
    assert AuditRecord.objects.filter(code="accounts:review:broken").exists()


@pytest.mark.clause("P44.1")
def test_unused_accounts_are_listed_and_suspended(system_admin: Client) -> None:
    """With a reason; afterwards there are none."""
    unused_for("zhang", 400)
    address = f"{REVIEWS}unused/"
    assert "zhang" in read(system_admin, REVIEWS)
    assert system_admin.post(address, {"reason": ""}).status_code == 400
    assert system_admin.post(address, {"reason": "超过一年未使用"}).status_code == 302
    assert not is_in_use("zhang")
    assert "zhang" not in read(system_admin, REVIEWS)
