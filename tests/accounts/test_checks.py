"""The checks and the evidence of accounts: what is due, what was altered."""

from __future__ import annotations

from typing import Any

import pytest

from jtsec.accounts import api, checks, evidence
from jtsec.accounts.models import ReviewedAccount
from jtsec.accounts.quarters import before, this_quarter
from jtsec.core.context import Actor, acting_as, system_actor
from tests.accounts.people import administrator, unused_for
from tests.identity import people

pytestmark = pytest.mark.django_db
HERE = ["default"]


@pytest.fixture
def ann(db: None) -> Actor:
    """Return a system administrator; another one and zhang are there as well."""
    with acting_as(system_actor("clerk")):
        actor = administrator("ann", 1)
        administrator("bob", 2)
        people.person("zhang", 3)
    return actor


def found(check: Any) -> list[str]:
    """Return the ids of what a check says."""
    return [one.id for one in check(None, databases=HERE)]


@pytest.mark.clause("P32")
def test_a_review_that_is_due_is_warned_of(
    ann: Actor, settings: Any, clock: Any
) -> None:
    """In the profile that demands it, from the second quarter on; never a fresh one."""
    settings.JTSEC_PROFILE = "internet"
    assert found(checks.check_reviews) == []
    unused_for("zhang", 200)
    assert found(checks.check_reviews) == ["jtsec.W213"]
    settings.JTSEC_PROFILE = "plugin"
    assert found(checks.check_reviews) == []
    settings.JTSEC_PROFILE = "internet"
    with acting_as(ann):
        review = api.open_review(reason="第四季度")
    assert found(checks.check_reviews) == []
    assert review.quarter == this_quarter()
    assert before(this_quarter()) < this_quarter()


@pytest.mark.clause("P32")
def test_a_review_left_open_is_warned_of_in_every_profile(
    ann: Actor, clock: Any
) -> None:
    """Until it is closed."""
    with acting_as(ann):
        review = api.open_review(reason="第四季度")
        clock.advance(days=31)
        assert found(checks.check_reviews) == ["jtsec.W213"]
        api.close_review(review, reason="清理")
    assert found(checks.check_reviews) == []


def test_an_altered_list_is_an_error(ann: Actor) -> None:
    """A row that was taken off, and one whose answer was changed."""
    assert found(checks.check_sheets) == []
    with acting_as(ann):
        api.open_review(reason="第四季度")
    assert found(checks.check_sheets) == []
    rows = ReviewedAccount.objects.filter(username="zhang")
    rows._raw_delete(rows.db)
    assert found(checks.check_sheets) == ["jtsec.E343"]


def test_the_checks_say_nothing_without_the_database(ann: Actor) -> None:
    """They are asked for it by name."""
    for check in checks.DATABASE:
        assert check(None) == []
        assert check(None, databases=["other"]) == []


@pytest.mark.clause("P32", "P44.1")
def test_the_evidence_tells_the_last_review_and_what_is_unused(
    ann: Actor, clock: Any
) -> None:
    """Unknown before the first review; a gap while something unused is in use."""
    facts = {fact.clause: fact for fact in evidence.facts()}
    assert facts["P32"].holds is None
    assert facts["P44.1"].holds is True
    unused_for("zhang", 400)
    with acting_as(ann):
        review = api.open_review(reason="第四季度")
        clock.advance(days=31)
        api.close_review(review, reason="清理")
    unused_for("bob", 400)
    facts = {fact.clause: fact for fact in evidence.facts()}
    values: dict[str, Any] = {clause: fact.value for clause, fact in facts.items()}
    assert facts["P32"].holds is True
    assert values["P32"]["quarter"] == review.quarter
    assert values["P44.1"]["days"] == 365
