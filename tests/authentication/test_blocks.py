"""Locks and the blacklist: listed with their history, lifted by who may, with a why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest

from django.core.management import CommandError, call_command
from django.test import RequestFactory

from jtsec.audit.models import AuditRecord
from jtsec.authentication.api import (
    block_of_terminal,
    block_of_user,
    lift,
    lift_in_emergency,
    list_blocks,
    reserve,
)
from jtsec.authentication.models import Block
from jtsec.core.context import Context, acting_as, enter, leave, system_actor
from jtsec.core.exceptions import InputError, Refused
from jtsec.core.source import Source
from jtsec.identity.api import actor_of
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import by_sql, registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_passwords")]

TERMINAL = "address:10.0.0.1"


def locked(username: str = "li") -> Block:
    """Lock a user from five terminals."""
    for one in range(5):
        reserve(username, Source(f"10.0.1.{one}")).spend()
    found = block_of_user(username)
    assert found is not None
    return found


def blacklisted() -> Block:
    """Put a terminal on the blacklist."""
    for one in range(20):
        reserve(f"user{one}", Source("10.0.0.1")).spend()
    found = block_of_terminal(TERMINAL)
    assert found is not None
    return found


def acting(username: str, which: int, duty: str) -> Any:
    """Act as a registered person of a duty."""
    return acting_as(actor_of(registered(username, which, duty=duty)))


@contextmanager
def not_lifted() -> Iterator[None]:
    """Expect a refusal for the duty, or for lifting one's own."""
    with pytest.raises(Refused) as refused:
        yield
    assert refused.value.reason in {"lift-own-lock", "lift-not-allowed"}


def last_event() -> dict[str, Any]:
    """Return the code and what was recorded last."""
    last = AuditRecord.objects.order_by("pk").last()
    assert last is not None
    found: dict[str, Any] = json.loads(bytes(last.payload))
    return found


@pytest.mark.clause("A3.2.7")
def test_the_duty_lifts_a_lock_and_says_why() -> None:
    """The counter begins anew; history and audit say who and why."""
    block = locked()
    with acting("sec", 1, "security"):
        lift(block, reason="  asked by phone,\n checked  ")
    reserve("li", Source("10.0.1.9")).refund()
    assert not list_blocks().exists()
    kept = list_blocks(with_history=True).get()
    assert (kept.lifted_by, kept.lift_reason) == ("sec", "asked by phone, checked")
    assert kept.lifted_at is not None
    text = json.dumps(last_event(), ensure_ascii=False)
    assert "authentication:block:lifted" in text
    assert "asked by phone, checked" in text
    assert "user:li" in text


@pytest.mark.clause("P44.4")
def test_a_terminal_taken_off_the_list_by_mistake_of_the_list_is_kept() -> None:
    """A misjudged entry is lifted and stays in the history with its reason."""
    block = blacklisted()
    with acting("sec", 1, "security"):
        lift(block, reason="a training room")
    assert block_of_terminal(TERMINAL) is None
    assert list_blocks(dimension="terminal", with_history=True).count() == 1


@pytest.mark.clause("A3.2.7")
@pytest.mark.parametrize("duty", ["business", "system", "audit"])
def test_no_other_duty_may(duty: str) -> None:
    """And the try is recorded."""
    block = locked()
    with acting("other", 1, duty), not_lifted():
        lift(block, reason="please")
    assert block_of_user("li") is not None
    assert "lift-not-allowed" in json.dumps(last_event())


def test_a_project_may_give_the_duty_to_the_system_administrator(
    settings: Any,
) -> None:
    """By a setting that allows these two and no others."""
    settings.JTSEC_AUTHENTICATION_LIFT_DUTIES = ["security", "system"]
    block = locked()
    with acting("sys", 1, "system"):
        lift(block, reason="ok")
    assert block_of_user("li") is None


@pytest.mark.clause("A3.2.7")
def test_nobody_lifts_their_own() -> None:
    """Whichever way the name is spelt."""
    block = locked("SEC")
    with (
        acting("sec", 1, "security"),
        not_lifted(),
    ):
        lift(block, reason="it is me")
    assert block_of_user("sec") is not None
    assert "lift-own-lock" in json.dumps(last_event())


def test_nobody_takes_the_terminal_they_sit_at_off_the_list() -> None:
    """An intruder with a live session could otherwise go on guessing."""
    block = blacklisted()
    request = RequestFactory().post("/", REMOTE_ADDR="10.0.0.1")
    actor = actor_of(registered("sec", 1, duty="security"))
    token = enter(Context(request, actor=actor))
    try:
        with not_lifted():
            lift(block, reason="it is mine")
    finally:
        leave(token)


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 201, "a\x1b[31mred", "a\0b"])
def test_a_lift_needs_a_plain_reason(reason: str) -> None:
    """Empty, overlong or with control characters: a clear error, nothing changed."""
    block = locked()
    with acting("sec", 1, "security"), pytest.raises(InputError) as error:
        lift(block, reason=reason)
    assert error.value.field == "reason"
    assert block_of_user("li") is not None


def test_nobody_and_a_system_lift_nothing() -> None:
    """Only a person has a duty."""
    block = locked()
    with pytest.raises(Refused):
        lift(block, reason="x")
    with acting_as(system_actor("cron")), pytest.raises(Refused):
        lift(block, reason="x")


def test_a_lift_of_what_has_ended_says_so() -> None:
    """The second of two administrators is told."""
    block = locked()
    with acting("sec", 1, "security"):
        lift(block, reason="ok")
        with pytest.raises(InputError):
            lift(block, reason="ok")


def test_an_emergency_is_no_way_round_for_people_with_a_session() -> None:
    """Only the console has it; a request never."""
    block = locked()
    with acting("li", 1, "business"), pytest.raises(Refused):
        lift_in_emergency(block, reason="x", operator="x")


class TestCommands:
    """`jtsec_unlock` and `jtsec_blocks`."""

    def unlock(self, *args: str) -> str:
        """Run jtsec_unlock and return what it prints."""
        out = StringIO()
        call_command("jtsec_unlock", *args, stdout=out, stderr=StringIO())
        return out.getvalue()

    def code(self, *args: str) -> int:
        """Return the exit code of a jtsec_unlock that does not lift."""
        with pytest.raises(CommandError) as error:
            self.unlock(*args)
        return error.value.returncode

    @pytest.mark.clause("A3.2.7")
    def test_an_administrator_unlocks_by_name(self) -> None:
        """In any spelling, with the actor's own name in the audit."""
        locked()
        registered("sec", 1, duty="security")
        said = self.unlock("LI", "--actor", "Sec", "--reason", "phone", "--json")
        assert json.loads(said) == {"lifted": "li", "dimension": "user"}
        assert '"sec"' in json.dumps(last_event())
        assert self.code("li", "--actor", "sec", "--reason", "phone") == 1

    def test_a_terminal_by_its_key(self) -> None:
        """As the list names it."""
        blacklisted()
        registered("sec", 1, duty="security")
        assert "10.0.0.1" in self.unlock(
            "--terminal", TERMINAL, "--actor", "sec", "--reason", "ok"
        )

    def test_who_may_not_gets_three(self) -> None:
        """Strangers, the wrong duty, the inactive, the altered."""
        locked()
        business = registered("wang", 1)
        inactive = registered("old", 2, duty="security")
        altered = registered("forged", 3, duty="business")
        type(inactive)._base_manager.filter(pk=inactive.pk).update(is_active=False)
        by_sql("jtsec_identity", "duty", "security", user_id=altered.pk)
        for actor in ("nobody", "wang", "old", "forged"):
            assert self.code("li", "--actor", actor, "--reason", "x") == 3
        assert business.pk
        assert block_of_user("li") is not None

    def test_usage_errors_get_two(self) -> None:
        """Both, neither, or no reason."""
        locked()
        registered("sec", 1, duty="security")
        assert self.code("--actor", "sec", "--reason", "x") == 2
        both = ("li", "--terminal", TERMINAL)
        assert self.code(*both, "--actor", "sec", "--reason", "x") == 2
        assert self.code("li", "--actor", "sec", "--reason", " ") == 2

    def test_when_every_administrator_is_locked_the_console_helps(self) -> None:
        """Without the duty, with an alarm that names the system's account."""
        registered("sec", 1, duty="security")
        locked("sec")
        args = ("sec", "--actor", "Wang Wu, operations", "--reason", "all locked")
        assert self.code(*args) == 3
        self.unlock(*args, "--console-emergency", "--yes")
        assert block_of_user("sec") is None
        event = AuditRecord.objects.order_by("pk").last()
        assert event is not None
        assert event.code == "authentication:block:lifted-in-emergency"

    def test_an_emergency_asks_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name typed wrongly, or nobody at the keyboard, changes nothing."""
        locked()
        args = ("li", "--actor", "x", "--reason", "y", "--console-emergency")

        def nobody(prompt: str) -> str:
            raise EOFError

        monkeypatch.setattr("builtins.input", nobody)
        assert self.code(*args) == 3
        monkeypatch.setattr("builtins.input", lambda prompt: "lo")
        assert self.code(*args) == 3
        monkeypatch.setattr("builtins.input", lambda prompt: "li")
        assert "li" in self.unlock(*args)

    def test_the_list_shows_what_is_blocked(self) -> None:
        """As text and as JSON; ended ones only with the history."""
        out = StringIO()
        call_command("jtsec_blocks", stdout=out)
        assert len(out.getvalue().splitlines()) == 1
        block = locked()
        blacklisted()
        out = StringIO()
        call_command("jtsec_blocks", json=True, stdout=out)
        rows = json.loads(out.getvalue())
        assert {one["subject"] for one in rows} == {"li", TERMINAL}
        with acting("sec", 1, "security"):
            lift(block, reason="checked")
        out = StringIO()
        call_command("jtsec_blocks", kind="user", history=True, stdout=out)
        assert "checked" in out.getvalue()
        assert "sec" in out.getvalue()
