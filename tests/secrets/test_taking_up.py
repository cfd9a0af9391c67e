"""Connections and settings take the account from the store, or say why not."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from django.conf import settings as django_settings
from django.db import OperationalError

from jtsec.core.exceptions import ConfigurationError
from jtsec.secrets import api, taking_up, with_accounts
from jtsec.secrets.__main__ import main
from jtsec.secrets.accounts import (
    Account,
    Accounts,
    dump_accounts,
    new_accounts,
    parse_accounts,
)
from jtsec.secrets.database_checks import check_accounts
from jtsec.secrets.exceptions import SecretsCorrupt, SecretsUnavailable, UnknownSecret
from jtsec.secrets.in_settings import connections_in_clear
from jtsec.secrets.taking_up import ACCOUNTS, TakesUpAccount, account_in_force
from tests.secrets.conftest import Places

pytestmark = pytest.mark.clause("P44.2", "A10.3")

NAME = "db.accounts"
AT = datetime(2026, 3, 1, tzinfo=UTC)
BOTH = new_accounts(Account("permits_a", "first"), Account("permits_b", "second"))
ENTRY = {"ENGINE": "django.db.backends.postgresql", "NAME": "permits"}


def keep(accounts: Accounts) -> None:
    """Keep these accounts."""
    api.keep(NAME, dump_accounts(accounts), at=AT)


class Backend:
    """Is what a `DatabaseWrapper` of Django's does; says what it was asked."""

    class Database:
        OperationalError = OperationalError

    def __init__(self, entry: dict[str, Any]) -> None:
        self.settings_dict = {"OPTIONS": {}, **entry}
        self.connection: object | None = None
        self.in_atomic_block = False
        self.connected: list[str] = []
        self.refused: set[str] = set()
        self.obsolete = 0

    def get_connection_params(self) -> dict[str, Any]:
        return {"user": self.settings_dict.get("USER"), "password": "of the start"}

    def connect(self) -> None:
        params = self.get_connection_params()
        self.connected.append(params["user"])
        if params["user"] in self.refused:
            self.change()
            raise OperationalError
        self.connection = object()

    def change(self) -> None:
        """Do nothing; a test changes the store here."""

    def close(self) -> None:
        self.connection = None

    def close_if_unusable_or_obsolete(self) -> None:
        self.obsolete += 1


class Taking(TakesUpAccount, Backend):
    pass


@pytest.fixture
def taking(places: Places) -> Any:
    """Return what connects as the kept account."""
    keep(BOTH)
    return Taking(with_accounts(ENTRY, NAME))


def switched() -> Accounts:
    """Return the accounts with the other one active."""
    return Accounts("permits_b", BOTH.both)


def test_settings_name_the_accounts_and_the_engine(places: Places) -> None:
    """Everything else of the entry stays; the account of the start is there too."""
    keep(BOTH)
    made = with_accounts({**ENTRY, "CONN_MAX_AGE": 60}, NAME)
    assert made == {
        "ENGINE": "jtsec.secrets.postgresql", "NAME": "permits", "CONN_MAX_AGE": 60,
        "USER": "permits_a", "PASSWORD": "first", ACCOUNTS: NAME,
    }  # fmt: skip
    assert with_accounts(made, NAME) == made
    assert with_accounts({"ENGINE": "django.db.backends.mysql"}, NAME)["ENGINE"] == (
        "jtsec.secrets.mysql"
    )


def test_settings_that_cannot_have_an_account_are_not_made(places: Places) -> None:
    """There is no default: not for the accounts, and not for another engine."""
    with pytest.raises(SecretsUnavailable):
        with_accounts(ENTRY, NAME)
    api.keep("db.password", "text", at=AT)
    with pytest.raises(UnknownSecret):
        with_accounts(ENTRY, NAME)
    with pytest.raises(SecretsCorrupt):
        with_accounts(ENTRY, "db.password")
    keep(BOTH)
    with pytest.raises(ConfigurationError, match="TakesUpAccount"):
        with_accounts({"ENGINE": "django.db.backends.sqlite3"}, NAME)


def test_a_new_connection_is_of_the_account_in_force(taking: Any) -> None:
    """The settings are of the start, and do not count."""
    params = taking.get_connection_params()
    assert (params["user"], params["password"]) == ("permits_a", "first")
    keep(switched())
    params = taking.get_connection_params()
    assert (params["user"], params["password"]) == ("permits_b", "second")
    assert taking.settings_dict["USER"] == "permits_a"


def test_a_kept_connection_is_left_between_requests(
    taking: Any, places: Places
) -> None:
    """Not inside of a transaction, and not while the store cannot be read."""
    taking.connect()
    taking.close_if_unusable_or_obsolete()
    assert (taking.obsolete, taking.connection is None) == (1, False)
    keep(switched())
    taking.in_atomic_block = True
    taking.close_if_unusable_or_obsolete()
    assert taking.connection is not None
    taking.in_atomic_block = False
    places.store.chmod(0o644)
    taking.close_if_unusable_or_obsolete()
    assert taking.connection is not None
    with pytest.raises(ConfigurationError):
        taking.get_connection_params()
    places.store.chmod(0o400)
    taking.close_if_unusable_or_obsolete()
    assert taking.connection is None


def test_who_was_overtaken_while_connecting_tries_the_new_account(taking: Any) -> None:
    """Once; and an error of another cause is not tried again."""
    taking.refused = {"permits_a"}
    with pytest.raises(OperationalError):
        taking.connect()
    assert taking.connected == ["permits_a"]
    taking.change = lambda: keep(switched())
    taking.connect()
    assert taking.connected == ["permits_a", "permits_a", "permits_b"]


def test_a_pool_is_refused(taking: Any) -> None:
    """It would connect with the old password for ever."""
    taking.settings_dict["OPTIONS"] = {"pool": True}
    with pytest.raises(ConfigurationError, match="pool"):
        taking.get_connection_params()


def test_an_entry_without_accounts_is_djangos(places: Places) -> None:
    """The engine alone changes nothing."""
    plain = Taking({"USER": "own"})
    plain.connect()
    plain.close_if_unusable_or_obsolete()
    assert (plain.connected, plain.obsolete) == (["own"], 1)


def test_the_store_is_opened_only_when_it_changed(
    taking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request asks, so that must be one look at the file."""
    account_in_force(NAME)
    monkeypatch.setattr(taking_up, "secret", lambda name: pytest.fail("opened"))
    assert account_in_force(NAME).user == "permits_a"


def test_accounts_are_kept_before_there_are_settings(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lines for two accounts; what is there is not changed."""
    command = ["accounts", NAME, "permits_a", "permits_b"]
    for given, code in (("one\n", 2), ("one\n\n", 2), ("one\ntwo\n", 0), ("x\ny\n", 2)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        assert main(command) == code
    kept = parse_accounts(api.secret(NAME))
    assert kept.in_force == Account("permits_a", "one")
    assert kept.standby == Account("permits_b", "two")
    monkeypatch.setattr(sys, "stdin", io.StringIO("x\ny\n"))
    assert main(["accounts", "other", "same", "same"]) == 2


def test_kept_accounts_stand_nowhere_in_clear(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password of the start is not told as one from elsewhere."""
    keep(BOTH)
    kept = {"default": with_accounts(ENTRY, NAME)}
    monkeypatch.setattr(django_settings, "DATABASES", kept)
    assert list(connections_in_clear(frozenset())) == []
    plain = {"default": {**ENTRY, "PASSWORD": "first"}}
    monkeypatch.setattr(django_settings, "DATABASES", plain)
    assert [one.name for one in connections_in_clear(frozenset())] == [
        "DATABASES.default.PASSWORD"
    ]


def test_the_check_names_what_would_fail_at_the_next_connection(
    places: Places, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E125: no such secret, another engine, a pool, a key that is none."""
    assert check_accounts(None) == []
    entry = settings.DATABASES["default"]
    monkeypatch.setitem(entry, ACCOUNTS, NAME)
    api.keep("other", "x", at=AT)
    found = [one.msg for one in check_accounts(None)]
    assert {one.id for one in check_accounts(None)} == {"jtsec.E125"}
    assert any("there is no secret db.accounts" in one for one in found)
    assert any("ENGINE" in one for one in found)
    keep(BOTH)
    settings.JTSEC_SECRETS_DBA_KEY_FILE = "nothing.pem"
    monkeypatch.setitem(entry, "OPTIONS", {"pool": True})
    text = " ".join(one.msg for one in check_accounts(None))
    assert "nothing.pem" in text
    assert "pool" in text
