"""Two accounts in one secret: what is kept, what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from jtsec.core.exceptions import InputError
from jtsec.secrets import api, secret
from jtsec.secrets.accounts import (
    Account,
    dump_accounts,
    holds_accounts,
    new_accounts,
    parse_accounts,
)
from jtsec.secrets.exceptions import SecretsCorrupt, UnknownSecret
from jtsec.secrets.new_password import KINDS, LENGTH, new_password
from tests.secrets.conftest import Places
from tests.secrets.page_of_formats import vector

pytestmark = pytest.mark.clause("P44.2")

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
CASE = vector("database-accounts")
VECTOR: str = CASE["value"]


def test_the_form_is_the_documented_one() -> None:
    """What is kept today is read in every later release."""
    accounts = new_accounts(
        Account("permits_a", "first", AT), Account("permits_b", "x")
    )
    read = parse_accounts(VECTOR)
    assert dump_accounts(read) == VECTOR
    assert read.in_force == accounts.in_force
    assert [read.in_force.user, read.in_force.password] == CASE["in_force"]
    assert [read.standby.user, read.standby.password] == CASE["standby"]
    assert read.coming == CASE["coming"]


def test_a_coming_password_takes_the_place_of_the_old_one() -> None:
    """In one step with the switch, so that nobody reads one without the other."""
    taken = parse_accounts(VECTOR).with_taken("permits_b", AT, active="permits_b")
    assert taken.in_force == Account("permits_b", "third", AT)
    assert taken.standby.user == "permits_a"
    assert taken.coming == {}


@pytest.mark.parametrize(
    "change",
    [
        {"format": "jtsec.database-accounts/2"},
        {"active": "somebody"},
        {"coming": {"somebody": "x"}},
        {"accounts": {"permits_a": {"changed": None, "password": "x"}}},
        {"accounts": {"permits_a": {"changed": None, "password": ""},
                      "permits_b": {"changed": None, "password": "x"}}},
        {"accounts": "permits_a"},
        {"coming": None},
        {"coming": {"permits_a": "x"}},
    ],
)  # fmt: skip
def test_what_does_not_hold_two_accounts_is_refused(change: dict[str, object]) -> None:
    """With no word of what it holds."""
    broken = json.dumps({**json.loads(VECTOR), **change})
    with pytest.raises(SecretsCorrupt) as caught:
        parse_accounts(broken)
    assert "second" not in str(caught.value)
    assert not holds_accounts(broken)
    assert not holds_accounts("a-password")


def test_one_account_twice_is_not_two() -> None:
    """Nor is one without a name or a password."""
    one = Account("permits_a", "first")
    for other in (one, Account("", "x"), Account("permits_b", "")):
        with pytest.raises(InputError):
            new_accounts(one, other)


def test_accounts_are_not_shown_by_chance() -> None:
    """In a trace or a log there are names, and no passwords."""
    accounts = parse_accounts(VECTOR)
    for text in (repr(accounts), repr(accounts.in_force), str(accounts)):
        assert "first" not in text
        assert "third" not in text


def test_accounts_are_not_replaced_by_something_else(places: Places) -> None:
    """`set` by mistake would leave the application without an account."""
    api.keep("db.accounts", VECTOR, at=AT)
    with pytest.raises(InputError):
        api.keep("db.accounts", "a-password", at=AT)
    assert secret("db.accounts") == VECTOR
    api.keep("db.accounts", VECTOR.replace("third", "fourth"), at=AT)
    assert "fourth" in secret("db.accounts")


def test_a_secret_is_replaced_by_what_it_was(places: Places) -> None:
    """What the change raises, changes nothing; an unknown one is not made."""
    api.keep("one", "1", at=AT)
    assert api.replace("one", lambda was: was + "2", at=AT) == "12"

    def fail(was: str) -> str:
        raise InputError("no")

    for change in (fail, lambda was: ""):
        with pytest.raises(InputError):
            api.replace("one", change, at=AT)
    assert secret("one") == "12"
    with pytest.raises(UnknownSecret):
        api.replace("two", lambda was: was, at=AT)


def test_made_passwords_are_strong_and_need_no_quotes() -> None:
    """Every kind is there, no two are alike, and none breaks a URL."""
    made = {new_password() for _ in range(200)}
    assert len(made) == 200
    for one in made:
        assert len(one) == LENGTH
        assert all(set(one) & set(kind) for kind in KINDS)
        assert not set(one) & set("'\"\\ @:/%$")
