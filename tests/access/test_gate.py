"""Whoever changes the policy is read under its lock, as the database holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from jtsec.access.api import PolicyRefused
from jtsec.access.gate import policy_gate
from jtsec.access.models import Assignment, PolicyState
from jtsec.access.refusals import refusals_recorded
from jtsec.core.acts import ApprovalRequired
from jtsec.core.context import ANONYMOUS, Actor, acting_as, system_actor
from jtsec.core.exceptions import CannotVerify
from jtsec.core.guarding import DirectWrite
from jtsec.fields.api import RowSealBroken
from jtsec.identity.api import (
    actor_of,
    change,
    create_organisation,
    deactivate,
    move_organisation,
)
from tests.access.offices import WHY, an_office, refusals
from tests.authentication.persons import by_sql
from tests.identity import people

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.2")]


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people."""
    with an_office() as made:
        yield made


def refusal(actor: Actor) -> str:
    """Return why somebody may not change the policy, or nothing."""
    with acting_as(actor):
        try:
            with policy_gate():
                return ""
        except PolicyRefused as refused:
            return refused.reason


def token() -> str:
    """Return what tells other processes that something changed."""
    return PolicyState.objects.get().token


def test_only_the_duty_and_the_console_pass(office: Any) -> None:
    """A person of another duty, nobody, and an unknown person do not."""
    assert refusal(actor_of(office.sec.user)) == ""
    assert refusal(system_actor("a-command")) == ""
    assert refusal(actor_of(office.sys.user)) == "actor-duty"
    assert refusal(ANONYMOUS) == "actor-anonymous"
    assert refusal(Actor(kind="person", username="x")) == "actor-anonymous"
    stranger = "0197a1b2-0000-7000-8000-000000000000"
    assert refusal(Actor(kind="person", uid=stranger, duty="security")) == (
        "actor-altered"
    )


def test_what_a_request_remembers_of_its_user_does_not_count(office: Any) -> None:
    """Since then the duty has gone, the account is out of use, or SQL was at work."""
    remembered = actor_of(office.sec.user)
    with acting_as(system_actor("a-test")):
        people.person("sec2", 902, duty="security")
        change(office.sec, duty="business")
        assert refusal(remembered) == "actor-duty"
        change(office.sec, duty="security")
        deactivate(office.sec, reason=WHY)
    assert refusal(remembered) == "actor-inactive"
    by_sql("jtsec_identity", "duty", "security", login_name="zhang")
    forged = actor_of(office.zhang.user)
    assert refusal(forged) == "actor-altered"


@pytest.mark.clause("A4.10")
def test_every_pass_is_told_to_the_other_processes(office: Any) -> None:
    """And so is a change of the organisations, or of who somebody is."""
    seen = {token()}
    with acting_as(system_actor("a-test")):
        with policy_gate():
            pass
        seen.add(token())
        one = create_organisation(code="130000000000", name="新设")
        seen.add(token())
        move_organisation(one, office.top)
        seen.add(token())
        change(office.zhang, organisation="130000000000")
        seen.add(token())
        assert len(seen) == 5
        change(office.zhang, name="张四")
    assert token() in seen


def test_the_gate_opens_the_tables_for_its_block_alone(office: Any) -> None:
    """After it they are closed again."""
    with acting_as(system_actor("a-test")), policy_gate():
        Assignment.objects.all().delete()
    with pytest.raises(DirectWrite):
        Assignment.objects.all().delete()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PolicyRefused("conflict", "No.", "a b"), "conflict"),
        (ApprovalRequired("access.assign"), "approval-required"),
        (RowSealBroken("altered"), "seal-broken"),
        (CannotVerify("no key"), "cannot-verify"),
    ],
)
def test_every_refusal_is_written_down(error: Exception, reason: str) -> None:
    """What a person reads never says what exactly was wrong with a row."""
    with pytest.raises(Exception) as caught, refusals_recorded("try"):
        raise error
    assert refusals()[-1] == ("try", reason)
    assert "altered" not in str(caught.value)
    assert "no key" not in str(caught.value)
