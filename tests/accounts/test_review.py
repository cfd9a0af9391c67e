"""The quarterly review: listed, answered, closed; what is not needed goes."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from jtsec.accounts import api, review, settling
from jtsec.accounts.api import NotAllowed, ReviewAltered
from jtsec.accounts.models import AccountReview, ReviewedAccount
from jtsec.accounts.quarters import before, quarter_at
from jtsec.audit.models import AuditRecord
from jtsec.core.clock import now
from jtsec.core.context import ANONYMOUS, Actor, acting_as, system_actor
from jtsec.core.exceptions import InputError, Refused
from jtsec.core.guarding import DirectWrite
from jtsec.identity.api import actor_of, create_organisation
from tests.accounts.people import (
    NORTH,
    administrator,
    expired,
    is_in_use,
    the_other_duties,
    unused_for,
)
from tests.authentication.persons import by_sql, loaded
from tests.authentication.recorded import codes, last
from tests.identity import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> Actor:
    """Return a system administrator among another one, the others and two users."""
    with acting_as(system_actor("clerk")):
        first = administrator("ann", 1)
        administrator("bob", 2)
        the_other_duties()
        people.person("zhang", 3)
        people.person("li", 4)
    return first


@pytest.fixture
def bob(ann: Actor) -> Actor:
    """Return the other system administrator."""
    return actor_of(loaded("bob"))


def opened(by: Actor) -> AccountReview:
    """Return a review that somebody has just opened."""
    with acting_as(by):
        return api.open_review(reason="第四季度")


def numbers(of: AccountReview, *usernames: str) -> list[Any]:
    """Return the rows of some accounts on the list."""
    rows = ReviewedAccount.objects.filter(review=of, username__in=usernames)
    return list(rows.values_list("pk", flat=True))


def overdue(of: AccountReview, clock: Any) -> None:
    """Let the time for answers be over."""
    clock.advance(days=31)


@pytest.mark.clause("P32")
def test_every_account_in_use_is_listed_with_its_owner(ann: Actor) -> None:
    """With last use, validity and who is to answer; nobody answers for themself."""
    unused_for("zhang", 40)
    made = opened(ann)
    assert made.quarter == quarter_at(now())
    assert made.accounts == ReviewedAccount.objects.count() == 8
    zhang = ReviewedAccount.objects.get(username="zhang")
    assert zhang.last_use is not None
    assert (now() - zhang.last_use).days == 40
    assert zhang.owners == ["张三 (ann)", "张三 (bob)"]
    assert ReviewedAccount.objects.get(username="ann").owners == ["张三 (bob)"]
    event = last("accounts:review:opened")
    assert event["actor"]["username"] == "ann"
    assert event["data"]["accounts"] == 8


@pytest.mark.clause("P32")
def test_what_is_struck_unconfirmed_or_expired_goes_out_of_use(
    ann: Actor, bob: Actor, clock: Any
) -> None:
    """What is confirmed stays; the record says who said what, and what became of it."""
    with acting_as(system_actor("clerk")):
        for which, name in ((5, "wang"), (6, "zhao"), (7, "qian")):
            people.person(name, which)
    made = opened(ann)
    kept = numbers(made, "zhang", "zhao", "bob", "security1", "audit1", "qian")
    with acting_as(ann):
        assert api.confirm(made, kept) == 6
        api.strike(made, numbers(made, "li"), reason="已调离")
        expired("zhao")
        with pytest.raises(InputError) as early:
            api.close_review(made, reason="清理")
        assert early.value.code == "unanswered"
        clock.advance(days=31)
        closed = api.close_review(made, reason="清理")
    assert closed.closed_at is not None
    results = {
        row.username: (row.result, row.result_why) for row in api.accounts_of(closed)
    }
    assert {name: result for name, (result, _why) in results.items()} == {
        "zhang": "kept", "bob": "kept", "qian": "kept",
        "security1": "kept", "audit1": "kept",
        "li": "disabled", "wang": "disabled", "zhao": "disabled",
        "security2": "disabled", "audit2": "disabled", "ann": "left",
    }  # fmt: skip
    assert results["li"][1] == "已调离"
    assert results["ann"][1] == "own-identity"
    assert [n for n in ("zhang", "li", "wang", "zhao") if is_in_use(n)] == ["zhang"]
    data = last("accounts:review:closed")["data"]
    assert data["outcomes"] == {"kept": 5, "disabled": 5, "left": 1}
    assert codes().count("identity:person:deactivated") == 5


@pytest.mark.clause("P32", "P38")
def test_the_last_administrators_are_left_with_the_reason(db: None, clock: Any) -> None:
    """Nobody answered for anybody: each duty still has one who can log in."""
    with acting_as(system_actor("clerk")):
        ann = administrator("ann", 1)
        the_other_duties()
    made = opened(ann)
    clock.advance(days=31)
    with acting_as(system_actor("timer")):
        closed = api.close_review(made, reason="到期清理")
    left = {r.username: r.result_why for r in api.accounts_of(closed) if r.result_why}
    assert left["ann"] == "last-administrator"
    used = [is_in_use(f"{duty}{n}") for duty in ("security", "audit") for n in "12"]
    assert used == [False, True, False, True]
    refused = AuditRecord.objects.filter(code="identity:person:refused")
    assert list(refused.values_list("reason", flat=True)) == ["last-administrator"] * 3


@pytest.mark.clause("P32")
@pytest.mark.parametrize("act", ["confirm", "strike"])
def test_nobody_answers_for_themself_or_another_branch(
    ann: Actor, bob: Actor, act: str
) -> None:
    """An administrator answers for their own organisation and those below it."""
    with acting_as(system_actor("clerk")):
        create_organisation(code=NORTH, name="北区大队", parent=people.organisation())
        north = administrator("north", 8, organisation=NORTH)
        people.person("chen", 9, organisation=NORTH)
    made = opened(ann)
    assert ReviewedAccount.objects.get(username="chen").owners == ["张三 (north)"]
    verb = (
        api.confirm if act == "confirm" else lambda r, n: api.strike(r, n, reason="x")
    )
    for actor, whom, why in (
        (ann, "ann", "own-account"),
        (north, "zhang", "other-organisation"),
        (system_actor("timer"), "zhang", "not-a-person"),
    ):
        with acting_as(actor), pytest.raises(NotAllowed) as refused:
            verb(made, numbers(made, whom))
        assert refused.value.reason == why
        refusal = AuditRecord.objects.filter(code="accounts:act:refused").latest("id")
        assert refusal.reason == why
    with acting_as(north):
        verb(made, numbers(made, "chen"))
    with acting_as(ann):
        assert api.confirm(made, numbers(made, "chen"), note="上级复核") == 1


def test_without_the_rule_somebody_would_keep_their_own_account(
    ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The protection taken away: who should be struck off confirms themself."""
    made = opened(ann)
    monkeypatch.setattr(api.Owners, "may_answer", lambda *about: "")
    with acting_as(ann):
        assert api.confirm(made, numbers(made, "ann")) == 1


def test_one_forbidden_answer_among_many_undoes_them_all(ann: Actor) -> None:
    """Nothing is half done."""
    made = opened(ann)
    with acting_as(ann), pytest.raises(NotAllowed):
        api.confirm(made, [*numbers(made, "zhang"), *numbers(made, "ann")])
    assert not ReviewedAccount.objects.exclude(verdict="").exists()
    assert "accounts:review:confirmed" not in codes()


@pytest.mark.clause("A4.4")
@pytest.mark.parametrize("duty", ["business", "security", "audit"])
def test_no_other_duty_reviews(ann: Actor, duty: str) -> None:
    """Neither opens, answers, closes nor exports; each refusal is recorded."""
    made = opened(ann)
    with acting_as(system_actor("clerk")):
        people.person("other", 60, duty=duty)
    deeds = (
        lambda: api.open_review(reason="x"),
        lambda: api.confirm(made, numbers(made, "zhang")),
        lambda: api.close_review(made, reason="x"),
        lambda: api.review_document(made),
    )
    for actor, why in (
        (actor_of(loaded("other")), "actor-duty"),
        (ANONYMOUS, "actor-anonymous"),
    ):
        for deed in deeds:
            with acting_as(actor), pytest.raises(NotAllowed) as refused:
                deed()
            assert refused.value.reason == why
    assert codes().count("accounts:act:refused") == 8


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\x00b", None])
def test_opening_striking_and_closing_need_a_reason(ann: Actor, reason: Any) -> None:
    """In plain text of bearable length; nothing happens without."""
    with acting_as(ann):
        with pytest.raises(InputError) as wrong:
            api.open_review(reason=reason)
        assert wrong.value.field == "reason"
        made = api.open_review(reason="第四季度")
        with pytest.raises(InputError):
            api.strike(made, numbers(made, "li"), reason=reason)
        with pytest.raises(InputError):
            api.close_review(made, reason=reason)
    assert AccountReview.objects.get().closed_at is None


def test_answers_to_nothing_and_strange_numbers_are_refused(ann: Actor) -> None:
    """Names the field; also a number of another list."""
    made = opened(ann)
    for wrong in ([], [uuid4()]):
        with acting_as(ann), pytest.raises(InputError) as error:
            api.confirm(made, wrong)
        assert error.value.field == "account"


def test_a_quarter_is_reviewed_once_and_one_after_the_other(
    ann: Actor, clock: Any
) -> None:
    """A second list, or one beside an open one, is refused; a closed one stays so."""
    made = opened(ann)
    with acting_as(ann), pytest.raises(InputError):
        api.open_review(reason="again")
    clock.advance(days=95)
    with acting_as(ann):
        with pytest.raises(InputError):
            api.open_review(reason="next")
        api.close_review(made, reason="到期")
        for act in (
            lambda: api.close_review(made, reason="again"),
            lambda: api.confirm(made, numbers(made, "zhang")),
        ):
            with pytest.raises(InputError) as closed:
                act()
            assert closed.value.code == "closed"
        assert api.open_review(reason="next").quarter != made.quarter


@pytest.mark.parametrize("removed", [True, False])
def test_a_list_that_sql_changed_is_not_believed(
    ann: Actor, removed: bool, clock: Any
) -> None:
    """A verdict forged, or a row taken off: refused with an alarm, nothing closed."""
    made = opened(ann)
    if removed:
        table = ReviewedAccount.objects.filter(username="li")
        table._raw_delete(table.db)
    else:
        row = ReviewedAccount.objects.get(username="li")
        key = row.pk.hex if _is_text_key() else str(row.pk)
        by_sql("jtsec_reviewedaccount", "verdict", "confirmed", id=key)
    clock.advance(days=31)
    with acting_as(ann), pytest.raises(ReviewAltered):
        api.close_review(made, reason="清理")
    assert AccountReview.objects.get().closed_at is None
    assert is_in_use("li")
    assert AuditRecord.objects.get(code="accounts:review:broken").severity == 40


def test_without_its_seal_the_forged_answer_would_keep_the_account(
    ann: Actor, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    """The protection taken away: the forged row passes."""
    made = opened(ann)
    row = ReviewedAccount.objects.get(username="li")
    key = row.pk.hex if _is_text_key() else str(row.pk)
    by_sql("jtsec_reviewedaccount", "verdict", "confirmed", id=key)
    monkeypatch.setattr("jtsec.accounts.sheets.check_seal", lambda row: None)
    clock.advance(days=31)
    with acting_as(ann):
        api.close_review(made, reason="清理")
    assert is_in_use("li")


def test_the_list_is_written_by_the_verbs_alone(ann: Actor) -> None:
    """A page that saves a row by itself is refused."""
    made = opened(ann)
    row = made.listed.get(username="li")
    for write in (row.save, row.delete, made.save, made.listed.all().delete):
        with pytest.raises(DirectWrite):
            write()


def test_somebody_made_administrator_by_sql_reviews_nothing(ann: Actor) -> None:
    """The duty in the row is not the duty under the seal."""
    made = opened(ann)
    rows = numbers(made, "li")
    zhang = loaded("zhang")
    by_sql("jtsec_identity", "duty", "system", id=zhang.jtsec_identity.pk)
    from django.test import RequestFactory

    from jtsec.core.context import Context, enter, leave

    request = RequestFactory().get("/")
    request.user = loaded("zhang")
    token = enter(Context(request, actor=actor_of(request.user)))
    try:
        with pytest.raises(NotAllowed) as refused:
            api.confirm(made, rows)
    finally:
        leave(token)
    assert refused.value.reason == "actor-altered"


@pytest.mark.clause("P32")
def test_the_record_of_a_review_is_exported(ann: Actor) -> None:
    """As a document with every account; that it was taken away is recorded."""
    made = opened(ann)
    with acting_as(ann):
        api.strike(made, numbers(made, "li"), reason="已调离")
        document = api.review_document(made, form="docx", system="示例")
    table: Any = document.sections[1].parts[0]
    assert len(table.rows) == 8
    assert any("已调离" in str(cell) for row in table.rows for cell in row)
    assert last("accounts:review:exported")["data"]["form"] == "docx"


def test_quarters_follow_each_other() -> None:
    """Across the year as well; nonsense is refused by its field."""
    assert before("2026-Q1") == "2025-Q4"
    assert before("2026-Q4") == "2026-Q3"
    assert api.checked_quarter(" 2026-q4 ") == "2026-Q4"
    for wrong in ("", "2026-Q5", "2026Q4", "26-Q1", "2026-Q4x"):
        with pytest.raises(InputError) as error:
            api.checked_quarter(wrong)
        assert error.value.field == "quarter"


def test_a_failure_in_the_middle_of_closing_undoes_it(
    ann: Actor, monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    """Nothing half done: nobody is out of use, the review is open."""
    made = opened(ann)
    clock.advance(days=31)
    real, calls = settling.settle, []

    def fail_at_the_third(row: Any, quarter: str) -> None:
        calls.append(row)
        if len(calls) == 3:
            raise Refused("broken")
        real(row, quarter)

    monkeypatch.setattr(review, "settle", fail_at_the_third)
    with acting_as(ann), pytest.raises(Refused, match="broken"):
        api.close_review(made, reason="清理")
    assert AccountReview.objects.get().closed_at is None
    assert "identity:person:deactivated" not in codes()
    assert not json.loads(json.dumps([r.result for r in made.listed.all() if r.result]))


def _is_text_key() -> bool:
    from django.db import connection

    return not connection.features.has_native_uuid_field
