"""What administrators may do to accounts, and what SQL may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jtsec.authentication import api
from jtsec.authentication.accounts import account_of, write_account
from jtsec.authentication.models import Account
from jtsec.authentication.standing import REACTIVATED, RENAMED
from jtsec.core.clock import now
from jtsec.core.context import Actor, acting_as, system_actor
from jtsec.core.exceptions import InputError, Refused, VerifiedFalse
from jtsec.core.source import Source
from jtsec.fields.api import RowSealBroken
from jtsec.identity import api as identities
from jtsec.identity.api import actor_of
from tests.authentication.persons import by_sql, loaded, registered
from tests.authentication.recorded import codes, last

pytestmark = pytest.mark.django_db
SOMEBODY = system_actor("clerk")
DAY = timedelta(days=1)


def system_administrator() -> Actor:
    """Return who may change accounts."""
    return actor_of(registered("sysadmin", 9, duty="system"))


@pytest.mark.clause("A3.2.8")
def test_restrictions_are_set_in_normal_form_and_recorded(zhang: Any) -> None:
    """MACs in one spelling; the event says what was before and after."""
    with acting_as(system_administrator()):
        api.define_place("一号窗口", ["10.1.2.0/24"], reason="新窗口")
        api.set_restrictions(
            zhang,
            reason="窗口岗位",
            networks=["10.1.0.0/16"],
            terminals=["00-1A-2B-3C-4D-5E"],
            places=["一号窗口"],
            weekdays=["workdays", 6],
            hours=["08:00 - 18:00"],
        )
    account = account_of(loaded("zhang"))
    assert account is not None
    assert account.terminals == ["00:1a:2b:3c:4d:5e"]
    assert account.hours == ["08:00-18:00"]
    event = last("authentication:account:restricted")
    assert event["actor"]["username"] == "sysadmin"
    assert event["data"]["before"]["networks"] == []
    assert event["data"]["after"]["places"] == {"一号窗口": ["10.1.2.0/24"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"networks": ["10.1.0.0/33"]},
        {"networks": ["10.1.2.3/16"]},
        {"networks": "10.0.0.0/8"},
        {"networks": [7]},
        {"terminals": ["two words"]},
        {"places": ["nowhere"]},
        {"weekdays": [0]},
        {"weekdays": [True]},
        {"weekdays": ["monday"]},
        {"hours": ["8-18"]},
        {"hours": ["08:00-08:00"]},
        {"hours": ["25:00-26:00"]},
        {"hours": [None]},
        {
            "hours": ["08:00-18:00"] * 3,
            "networks": [f"10.0.{n}.0/24" for n in range(201)],
        },
    ],
)
def test_malformed_restrictions_change_nothing(zhang: Any, wrong: Any) -> None:
    """A typing error neither opens nor closes more than was meant."""
    with acting_as(SOMEBODY), pytest.raises(InputError):
        api.set_restrictions(zhang, reason="x", **wrong)
    assert "authentication:account:restricted" not in codes()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "line\nbreak\x00"])
def test_a_change_needs_a_reason(zhang: Any, reason: str) -> None:
    """Why somebody was let in longer is what an auditor asks first."""
    with acting_as(SOMEBODY), pytest.raises(InputError):
        api.extend_validity(zhang, now() + DAY, reason=reason)


VERBS: list[Any] = [
    lambda user: api.set_restrictions(user, reason="x", networks=[]),
    lambda user: api.extend_validity(user, now() + DAY, reason="x"),
    lambda user: api.reactivate(user, until=None, reason="x"),
    lambda user: api.require_password_change(user, reason="x"),
]


@pytest.mark.clause("A3.2.9")
@pytest.mark.parametrize("verb", VERBS)
def test_only_the_duty_may_and_nobody_for_themselves(zhang: Any, verb: Any) -> None:
    """Nobody, a business user and the administrator themselves are refused."""
    administrator = system_administrator()
    cases = [
        (Actor(), zhang, "actor-anonymous"),
        (actor_of(zhang), registered("li", 2), "actor-duty"),
        (administrator, loaded("sysadmin"), "own-account"),
    ]
    for actor, user, reason in cases:
        with acting_as(actor), pytest.raises(Refused) as refused:
            verb(user)
        assert refused.value.reason == reason
        assert last("authentication:account:refused")["reason"] == reason
    with acting_as(administrator):
        verb(zhang)


@pytest.mark.clause("A3.2.9")
def test_an_expired_account_is_reactivated_and_not_merely_extended(zhang: Any) -> None:
    """Extending would let somebody in again without a new password."""
    write_account(zhang, valid_until=now() - DAY)
    with acting_as(system_administrator()):
        with pytest.raises(Refused) as refused:
            api.extend_validity(zhang, now() + DAY, reason="x")
        assert refused.value.reason == "expired-needs-reactivation"
        with pytest.raises(InputError):
            api.reactivate(zhang, until=now() - DAY, reason="x")
        api.reactivate(zhang, until=now() + 90 * DAY, reason="返岗")
    found = api.standing_of(loaded("zhang"), now())
    assert found.may_enter
    assert found.must_change_password
    assert found.reason == REACTIVATED


@pytest.mark.clause("A3.2.5")
def test_somebody_renamed_needs_a_new_password(zhang: Any) -> None:
    """The password in use is bound to the former name."""
    with acting_as(SOMEBODY):
        identities.change(zhang.jtsec_identity, name="张四")
    assert api.standing_of(loaded("zhang"), now()).reason == RENAMED


@pytest.mark.clause("A3.2.8")
def test_accounts_follow_when_the_networks_of_their_place_change(zhang: Any) -> None:
    """Nobody has to be set again because a window got another cable."""
    with acting_as(SOMEBODY):
        api.define_place("一号窗口", ["10.1.2.0/24"], reason="x")
        api.set_restrictions(zhang, reason="x", places=["一号窗口"])
        api.define_place("一号窗口", ["10.7.7.0/24"], reason="搬迁")
        with pytest.raises(InputError):
            api.define_place("一号窗口", [], reason="x")
    account = account_of(loaded("zhang"))
    assert account is not None
    assert account.places == {"一号窗口": ["10.7.7.0/24"]}


@pytest.mark.clause("A3.2.8")
def test_nobody_moves_a_place_that_they_are_bound_to() -> None:
    """Who may not change their own networks does not redraw them either."""
    admin = registered("sysadmin", 9, duty="system")
    with acting_as(SOMEBODY):
        api.define_place("机房", ["10.1.2.0/24"], reason="x")
        api.set_restrictions(admin, reason="x", places=["机房"])
    with acting_as(actor_of(admin)):
        with pytest.raises(api.NotAllowed) as caught:
            api.define_place("机房", ["10.0.0.0/8"], reason="在家办公")
        api.define_place("二号窗口", ["10.2.0.0/24"], reason="新窗口")
    assert caught.value.reason == "own-account"
    event = last("authentication:account:refused")
    assert event["resource"] == "place:机房"
    account = account_of(loaded("sysadmin"))
    assert account is not None
    assert account.places == {"机房": ["10.1.2.0/24"]}


SQL = [
    ("valid_until", now() + 900 * DAY),
    ("networks", "[]"),
    ("hours", "[]"),
    ("must_change_password", False),
    ("password_set_at", now()),
]


@pytest.mark.clause("A3.2.8")
@pytest.mark.parametrize(("column", "value"), SQL)
def test_what_sql_loosens_lets_nobody_in(zhang: Any, column: str, value: Any) -> None:
    """The seal breaks; refused, with an alarm, and no change launders it."""
    with acting_as(SOMEBODY):
        api.set_restrictions(
            zhang, reason="x", networks=["10.0.0.0/8"], hours=["08:00-18:00"]
        )
        api.set_validity(zhang, reason="x", valid_until=now() + DAY)
        api.require_password_change(zhang, reason="x")
    by_sql("jtsec_account", column, value, user_id=zhang.pk)
    with pytest.raises(api.LoginRefused) as refused:
        api.require_entry(loaded("zhang"), Source("10.0.0.1"), now())
    assert refused.value.reason == "sealed-broken"
    assert last("authentication:account:broken")["severity"] == 40
    with acting_as(SOMEBODY), pytest.raises(RowSealBroken):
        api.set_restrictions(loaded("zhang"), reason="x", terminals=[])


@pytest.mark.clause("A3.2.8")
def test_a_removed_account_lifts_no_restriction(zhang: Any) -> None:
    """Without the row nothing is known, so nobody enters and an alarm is raised."""
    Account.objects.filter(user=zhang).delete()
    with pytest.raises(api.LoginRefused) as refused:
        api.require_entry(loaded("zhang"), Source("10.0.0.1"), now())
    assert refused.value.reason == "account-missing"
    assert last("authentication:account:broken")["reason"] == "account-missing"
    with acting_as(SOMEBODY), pytest.raises(VerifiedFalse):
        api.reactivate(loaded("zhang"), until=None, reason="x")


def test_without_the_seal_sql_would_let_somebody_in(
    zhang: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same change passes once the check of the seal is taken away."""
    with acting_as(SOMEBODY):
        api.set_restrictions(zhang, reason="x", networks=["10.0.0.0/8"])
    by_sql("jtsec_account", "networks", "[]", user_id=zhang.pk)
    monkeypatch.setattr("jtsec.authentication.accounts.check_seal", lambda row: None)
    api.require_entry(loaded("zhang"), Source("192.0.2.1"), now())


def test_a_seal_copied_from_another_account_does_not_match(zhang: Any) -> None:
    """The owner is under the seal."""
    other = account_of(registered("li", 2))
    mine = account_of(zhang)
    assert other is not None and mine is not None
    Account.objects.filter(pk=mine.pk).update(
        seal=bytes(other.seal), password_set_at=other.password_set_at
    )
    with pytest.raises(api.LoginRefused):
        api.require_entry(loaded("zhang"), Source("10.0.0.1"), now())
