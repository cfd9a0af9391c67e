"""Both passwords change, whatever stops the run; and what stops it beforehand."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import override_settings

from jtsec.audit.models import AuditRecord
from jtsec.core.context import Actor, acting_as
from jtsec.core.exceptions import ConfigurationError, InputError, Refused
from jtsec.secrets import api, rotation
from jtsec.secrets.accounts import Account, Accounts, dump_accounts
from jtsec.secrets.conf import dba_key
from jtsec.secrets.delivery import open_delivery
from jtsec.secrets.exceptions import AccountUnusable, SecretsCorrupt, SecretsUnavailable
from jtsec.secrets.mysql import server as mysql_server
from jtsec.secrets.server import connected_as, lets_in, server_of
from tests import databases
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered
from tests.secrets.two_accounts import DBA_KEY, KEPT, NAME, kept, rotate, run

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("P44.2"),
]
on_a_server = pytest.mark.skipif(
    databases.chosen() == "sqlite", reason="SQLite has no accounts"
)


class Killed(BaseException):
    """Stands for the end of the process at one point."""


def recorded(*passwords: str) -> list[str]:
    """Return what was recorded of the passwords; none of these is in it."""
    found = []
    for row in AuditRecord.objects.filter(code__contains=":database-pass").order_by(
        "pk"
    ):
        payload = bytes(row.payload).decode()
        assert not [one for one in passwords if one in payload]
        found.append(row.code.rpartition(":")[2])
    return found


def passwords_of(*several: Accounts) -> list[str]:
    """Return all of them."""
    return [one.password for each in several for one in each.both.values()]


def require_whole(before: Accounts) -> None:
    """Both accounts have new passwords, and the old ones open nothing."""
    after = kept()
    assert after.coming == {}
    for user, old in before.both.items():
        new = after.both[user]
        assert new.changed is not None
        assert lets_in("default", new)
        assert not lets_in("default", old)


@on_a_server
def test_both_accounts_get_a_password_that_the_administrator_can_open(
    accounts: Accounts, tmp_path: Path
) -> None:
    """Sealed, recorded without any of them, and the application goes over."""
    deliver = tmp_path / "delivered"
    done = rotate(deliver)
    assert done == rotation.Rotation(accounts.standby.user)
    require_whole(accounts)
    delivery = open_delivery(deliver.read_text(), DBA_KEY)
    new = {user: one.password for user, one in kept().both.items()}
    assert delivery.passwords == new
    assert delivery.name == NAME
    assert not [one for one in new.values() if one in deliver.read_text()]
    assert recorded(*passwords_of(accounts, kept())) == ["made", "changed", "changed"]


def killed_after(patch: pytest.MonkeyPatch, verb: str, times: int) -> None:
    """Let the process die after the so many-th call of a step."""
    plain: Callable[..., Any] = getattr(rotation, verb)
    calls: list[object] = []

    def dying(*args: Any, **options: Any) -> Any:
        done = plain(*args, **options)
        calls.append(args)
        if len(calls) == times:
            raise Killed
        return done

    patch.setattr(rotation, verb, dying)


@on_a_server
@pytest.mark.parametrize(
    ("verb", "times"),
    [("_make", 1), ("write_delivery", 1), ("_set_at_server", 1), ("_take", 1),
     ("wait_until_left", 1), ("_set_at_server", 2), ("_take", 2)],
)  # fmt: skip
def test_a_run_that_dies_is_resumed(
    accounts: Accounts, tmp_path: Path, verb: str, times: int
) -> None:
    """After any step there is an account that opens, and the next run finishes."""
    deliver = tmp_path / "delivered"
    with pytest.MonkeyPatch.context() as patch:
        killed_after(patch, verb, times)
        with pytest.raises(Killed):
            rotate(deliver)
    halfway = kept()
    if (verb, times) != ("_set_at_server", 2):
        # There it is the standby's; and what is written down lets it in.
        assert lets_in("default", halfway.in_force)
    if verb != "_take" or times == 1:
        assert rotate(deliver).waiting == ()
    require_whole(accounts)
    if deliver.exists():
        given = open_delivery(deliver.read_text(), DBA_KEY).passwords
        assert given == {user: one.password for user, one in kept().both.items()}


@on_a_server
@pytest.mark.concurrency
def test_of_two_runs_at_once_one_is_refused(accounts: Accounts, tmp_path: Path) -> None:
    """Each would take the other for somebody who still works as the old account."""
    ended: list[object] = []

    def go(number: int) -> None:
        try:
            ended.append(rotate(tmp_path / f"delivered-{number}").waiting)
        except Refused as error:
            ended.append(error.reason)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(one,)) for one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Unless the second came when the first was done, and changed them once more.
    assert () in ended
    assert set(ended) <= {(), "rotation-busy"}
    require_whole(accounts)


@on_a_server
@pytest.mark.parametrize("is_locked", [True, False])
def test_without_the_lock_a_second_run_spoils_what_is_kept(
    is_locked: bool,
    accounts: Accounts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One ends the first one's work and begins anew; then the first one goes on."""
    monkeypatch.setattr(rotation, "ENDING_SECONDS", 0.2)
    if not is_locked:
        monkeypatch.setattr(rotation, "_only_run", lambda task: nullcontext())
    others = [0]

    def meet(*args: object) -> tuple[str, ...]:
        """Let other runs come while the first one waits for the old account."""
        others[0] += 1
        if others[0] == 1:
            rotate(tmp_path / "second")
            with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
                killed_after(patch, "_make", 1)
                rotate(tmp_path / "third")
        return ()

    monkeypatch.setattr(rotation, "wait_until_left", meet)
    refusal: Any = Refused if is_locked else SecretsCorrupt
    with pytest.raises(refusal):
        rotate(tmp_path / "first")
    if is_locked:
        assert rotate(tmp_path / "first").waiting == ()
        require_whole(accounts)
    else:
        # Nobody connects to the database with this any more.
        with pytest.raises(SecretsCorrupt):
            kept()


@on_a_server
def test_a_standby_with_fewer_rights_is_refused(
    accounts: Accounts, tmp_path: Path
) -> None:
    """Nothing is made, nothing changes, and the failure is on record."""
    user = accounts.standby.user
    if connection.vendor == "postgresql":
        owner = f"{accounts.active}_owner"
        run(f"ALTER ROLE {user} RESET role", f"REVOKE {owner} FROM {user}")
    else:
        database = connection.settings_dict["NAME"]
        run(f"REVOKE DELETE ON `{database}`.* FROM '{user}'@'localhost'")
    with pytest.raises(AccountUnusable, match=f"{user} lacks"):
        rotate(tmp_path / "delivered")
    assert kept() == accounts
    assert not (tmp_path / "delivered").exists()
    assert recorded(*passwords_of(accounts)) == ["failed"]


@on_a_server
def test_a_standby_that_is_not_let_in_is_refused(
    accounts: Accounts, tmp_path: Path
) -> None:
    """Its kept password is wrong: found before anything is changed."""
    wrong = Account(accounts.standby.user, "not-its-password")
    changed = Accounts(accounts.active, {**accounts.both, wrong.user: wrong})
    api.keep(NAME, dump_accounts(changed), at=KEPT)
    with pytest.raises(AccountUnusable, match=f"does not let {wrong.user} in"):
        rotate(tmp_path / "delivered")
    assert kept() == changed
    assert lets_in("default", accounts.in_force)


@on_a_server
def test_the_administrator_may_set_them_from_the_sealed_file(
    accounts: Accounts, tmp_path: Path
) -> None:
    """Then each run goes as far as the administrator has come."""
    deliver = tmp_path / "delivered"
    assert rotate(deliver, by_dba=True).waiting == (accounts.standby.user,)
    given = open_delivery(deliver.read_text(), DBA_KEY).passwords

    def set_by_hand(user: str, before: Account) -> None:
        with connected_as("default", before) as opened:
            wanted = Account(user, given[user])
            server_of("default").set_own_password(opened, wanted)

    set_by_hand(accounts.standby.user, accounts.standby)
    halfway = rotate(deliver, by_dba=True)
    assert halfway == rotation.Rotation(accounts.standby.user, (accounts.active,))
    assert lets_in("default", accounts.in_force)
    set_by_hand(accounts.active, accounts.in_force)
    assert rotate(deliver, by_dba=True).waiting == ()
    require_whole(accounts)


@pytest.mark.skipif(databases.chosen() != "mariadb", reason="another method of MariaDB")
def test_a_method_whose_digest_is_not_known_is_left_to_the_server(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server makes the digest then; its log of statements is off by default."""
    monkeypatch.setattr(mysql_server, "NATIVE", "another method")
    wanted = Account(accounts.active, "Another-1")
    with connected_as("default", accounts.in_force) as opened:
        server_of("default").set_own_password(opened, wanted)
    assert lets_in("default", wanted)


@pytest.mark.usefixtures("cheap_passwords")
@on_a_server
def test_the_command_says_how_far_it_got(accounts: Accounts, tmp_path: Path) -> None:
    """0 done, 1 run it again, 2 cannot be done, 3 refused."""
    registered("ops", 1, duty="system")
    registered("zhang", 2, duty="business")
    deliver = tmp_path / "delivered"

    def command(*more: str, actor: str = "ops") -> tuple[int, str]:
        out = io.StringIO()
        given = ("--deliver", str(deliver), "--actor", actor, "--reason", "two months")
        try:
            call_command("jtsec_secrets_rotate", NAME, *given, *more, stdout=out)
        except CommandError as error:
            return error.returncode, out.getvalue()
        return 0, out.getvalue()

    assert command(actor="zhang")[0] == 3
    assert command(actor="nobody")[0] == 3
    code, said = command("--by-dba", "--json")
    waiting = {"active": accounts.active, "state": "waiting"}
    assert code == 1
    assert json.loads(said) == {**waiting, "waiting": [accounts.standby.user]}
    code, said = command("--quiet", "1", "--json")
    done = {"active": accounts.standby.user, "state": "done", "waiting": []}
    assert (code, json.loads(said)) == (0, done)
    require_whole(accounts)
    assert command()[0] == 2  # that file is there already


def test_who_may_not_gets_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, places: Any
) -> None:
    """Another duty, no reason, accounts that no database uses."""
    patience = rotation.Patience()

    def attempt(actor: Actor, name: str, reason: str) -> None:
        with acting_as(actor):
            rotation.rotate(
                name, deliver=tmp_path / "x", reason=reason,
                patience=patience, tell=print,
            )  # fmt: skip

    ops = Actor("person", "u-1", "ops", "王五", False, "", "system")
    with pytest.raises(Refused):
        attempt(Actor("person", "u-2", "li", "李四", False, "", "audit"), NAME, "x")
    with pytest.raises(InputError):
        attempt(ops, NAME, " ")
    for seconds in ({"quiet": 0}, {"quiet": float("nan")}, {"wait": -1}):
        with pytest.raises(InputError):
            rotation.Patience(**seconds)
    with pytest.raises(InputError, match="No database"):
        attempt(ops, NAME, "two months")
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(databases.chosen() != "sqlite", reason="SQLite")
def test_a_database_without_accounts_is_refused(places: Any) -> None:
    """SQLite has no passwords; there is nothing to change."""
    with pytest.raises(ConfigurationError, match="not on sqlite"):
        server_of("default")


def test_without_the_administrators_key_no_password_is_made() -> None:
    """There would be nobody who could open it."""
    with pytest.raises(SecretsUnavailable, match="DBA_KEY_FILE"):
        dba_key()
    with (
        override_settings(JTSEC_SECRETS_DBA_KEY_FILE="nothing.pem"),
        pytest.raises(SecretsUnavailable, match=r"nothing\.pem"),
    ):
        dba_key()
