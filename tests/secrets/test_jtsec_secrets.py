"""manage.py jtsec_secrets: by whom, why, and on record."""

from __future__ import annotations

import getpass
import io
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from django.core.management import CommandError, call_command

from jtsec.audit.api import AuditUnavailable
from jtsec.audit.models import AuditRecord
from jtsec.secrets import acts, editing, secret
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered
from tests.secrets.conftest import Places

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords", "places"),
    pytest.mark.clause("A10.3"),
]
VALUE = "Kept-in-the-store-1!"
WHO = ("--actor", "ops", "--reason", "new server")


@pytest.fixture(autouse=True)
def ops() -> Any:
    """Register the technical administrator."""
    return registered("ops", 1, duty="system")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, given: str = "") -> str:
    """Run the command with a standard input, and return what it printed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    out = io.StringIO()
    call_command("jtsec_secrets", *arguments, stdout=out)
    return out.getvalue()


def code(monkeypatch: pytest.MonkeyPatch, *arguments: str, given: str = "") -> int:
    """Return the exit code of what fails."""
    with pytest.raises(CommandError) as error:
        run(monkeypatch, *arguments, given=given)
    return error.value.returncode


def recorded() -> list[tuple[str, str, str]]:
    """Return code, actor and resource of what was recorded of secrets."""
    found = []
    for row in AuditRecord.objects.filter(code__startswith="secrets:").order_by("pk"):
        assert VALUE.encode() not in bytes(row.payload)
        found.append((row.code.split(":")[2], row.actor_username, row.resource))
    return found


def test_a_secret_is_set_shown_listed_and_removed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each leaves an event with a name, but for the list, which shows no value."""
    set_it = ("set", "db.password", *WHO)
    assert json.loads(run(monkeypatch, *set_it, "--json", given=VALUE + "\n")) == {
        "name": "db.password", "state": "created"}  # fmt: skip
    assert secret("db.password") == VALUE
    assert "changed" in run(monkeypatch, *set_it, given=VALUE)
    assert run(monkeypatch, "get", "db.password", *WHO) == VALUE + "\n"
    for listed in (run(monkeypatch, "list"), run(monkeypatch, "list", "--json")):
        assert "db.password" in listed
        assert VALUE not in listed
    run(monkeypatch, "remove", "db.password", *WHO)
    assert json.loads(run(monkeypatch, "list", "--json")) == []
    kinds = ("kept", "kept", "read", "removed")
    assert recorded() == [(kind, "ops", "secret:db.password") for kind in kinds]


def test_a_value_on_the_command_line_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, places: Places
) -> None:
    """Every user of the machine could read it there."""
    for arguments in (("set", "a", VALUE, *WHO), ("set", "a", "--value", VALUE, *WHO)):
        with pytest.raises(CommandError):
            run(monkeypatch, *arguments)
    assert not places.store.exists()


@pytest.mark.parametrize("verb", ["get", "set", "edit", "remove"])
def test_nobody_without_name_reason_and_duty(
    monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """Missing ones end with an error; strangers and other duties are refused."""
    run(monkeypatch, "set", "a", *WHO, given=VALUE)
    registered("wang", 2)
    registered("sec", 3, duty="security")
    with pytest.raises(CommandError):
        run(monkeypatch, verb, "a", "--reason", "x")
    with pytest.raises(CommandError):
        run(monkeypatch, verb, "a", "--actor", "ops")
    for actor in ("nobody", "wang", "sec"):
        who = ("--actor", actor, "--reason", "x")
        assert code(monkeypatch, verb, "a", *who, given="other") == 3
    assert code(monkeypatch, verb, "a", "--actor", "ops", "--reason", " ") == 2
    assert secret("a") == VALUE
    refused = [("refused", "wang", "secret:a"), ("refused", "sec", "secret:a")]
    assert recorded()[1:] == refused


def test_without_the_look_at_the_duty_anybody_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the protection removed, a business user gets the password."""
    run(monkeypatch, "set", "a", *WHO, given=VALUE)
    registered("wang", 2)
    monkeypatch.setattr(acts, "DUTIES", {"system", "business"})
    shown = run(monkeypatch, "get", "a", "--actor", "wang", "--reason", "x")
    assert shown == VALUE + "\n"


def test_what_cannot_be_recorded_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither shown, nor changed, nor removed."""
    run(monkeypatch, "set", "a", *WHO, given=VALUE)

    def full(event: object) -> None:
        raise AuditUnavailable("the log cannot be written")

    monkeypatch.setattr(acts, "record", full)
    assert code(monkeypatch, "get", "a", *WHO) == 2
    assert code(monkeypatch, "set", "a", *WHO, given="other") == 2
    assert code(monkeypatch, "remove", "a", *WHO) == 2
    assert secret("a") == VALUE


def test_what_is_not_done_is_not_recorded_as_done(
    monkeypatch: pytest.MonkeyPatch, places: Places
) -> None:
    """A store that cannot be used leaves no event that says otherwise."""
    run(monkeypatch, "set", "a", *WHO, given=VALUE)
    assert code(monkeypatch, "get", "b", *WHO) == 1
    assert code(monkeypatch, "remove", "b", *WHO) == 1
    assert code(monkeypatch, "set", "a", *WHO, given="") == 2
    places.store.chmod(0o644)
    assert code(monkeypatch, "set", "a", *WHO, given="other") == 2
    assert code(monkeypatch, "list") == 2
    assert recorded() == [("kept", "ops", "secret:a")]


class Terminal(io.StringIO):
    """Somebody sits at it."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_at_a_terminal_a_value_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an echo; two that differ change nothing."""
    typed = [VALUE, VALUE, VALUE, "another"]
    monkeypatch.setattr(getpass, "getpass", lambda prompt: typed.pop(0))
    monkeypatch.setattr(sys, "stdin", Terminal())
    call_command("jtsec_secrets", "set", "a", *WHO)
    assert secret("a") == VALUE
    with pytest.raises(CommandError, match="not the same"):
        call_command("jtsec_secrets", "set", "b", *WHO)
    assert json.loads(run(monkeypatch, "list", "--json"))[0]["name"] == "a"
    assert typed == []


def test_an_editor_changes_a_secret_in_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a private folder that is gone afterwards; reading it is on record too."""
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(editing, "IN_MEMORY", (memory,))
    editor = tmp_path / "editor"
    seen = tmp_path / "seen"
    editor.write_text(
        f'#!/bin/sh\nstat -c %a "$1" "$(dirname "$1")" > {seen}\n'
        'cat "$1" | tr a-z A-Z > "$1.new" && cat "$1.new" > "$1"\n'
    )
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VISUAL", str(editor))
    run(monkeypatch, "set", "a", *WHO, given=VALUE)
    run(monkeypatch, "edit", "a", *WHO)
    assert secret("a") == VALUE.upper()
    assert seen.read_text().split() == ["600", "700"]
    assert list(memory.iterdir()) == []
    assert [one[0] for one in recorded()] == ["kept", "read", "kept"]
    assert code(monkeypatch, "edit", "a", *WHO) == 2  # as it was


@pytest.mark.parametrize("editor", ["", "false", "/nowhere/editor"])
def test_an_editor_that_fails_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, editor: str
) -> None:
    """None named, ended with an error, not there: the value stays, nothing is left."""
    monkeypatch.setattr(editing, "IN_MEMORY", (tmp_path,))
    monkeypatch.setenv("VISUAL", editor)
    monkeypatch.setenv("EDITOR", "")
    run(monkeypatch, "set", "a", *WHO, given=VALUE)
    before = sorted(tmp_path.iterdir())
    assert code(monkeypatch, "edit", "a", *WHO) == 2
    assert secret("a") == VALUE
    assert sorted(tmp_path.iterdir()) == before
