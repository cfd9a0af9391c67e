"""The commands of the accounts: for a timer and for an administrator at the server."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from django.core.management import CommandError, call_command

from jtsec.accounts.models import AccountReview, ReviewedAccount
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from tests.accounts.people import administrator, is_in_use, unused_for
from tests.authentication.conftest import clock  # noqa: F401
from tests.identity import people

pytestmark = pytest.mark.django_db
WHO = ("--actor", "ann", "--reason", "每季度清理")


@pytest.fixture(autouse=True)
def persons(db: None) -> None:
    """Make two system administrators and two users."""
    with acting_as(system_actor("clerk")):
        administrator("ann", 1)
        administrator("bob", 2)
        people.person("zhang", 3)
        people.person("li", 4)


def said(command: str, *arguments: str) -> Any:
    """Run a command, and return what it printed as JSON."""
    out = StringIO()
    call_command(f"jtsec_accounts_{command}", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def refused(command: str, *arguments: str) -> tuple[int, str]:
    """Run a command that fails, and return its exit code and sentence."""
    with pytest.raises(CommandError) as error:
        call_command(f"jtsec_accounts_{command}", *arguments, stdout=StringIO())
    return error.value.returncode, str(error.value)


@pytest.mark.clause("P32")
def test_a_review_is_opened_listed_and_closed(clock: Any, tmp_path: Path) -> None:  # noqa: F811 - a fixture
    """By a named administrator; the record leaves in each form."""
    opened = said("review", "--open", *WHO)
    assert len(opened["accounts"]) == 4
    assert opened["answers"] == {"open": 4}
    assert said("review")["quarter"] == opened["quarter"]
    assert refused("review", "--close", *WHO)[0] == 2
    clock.advance(days=31)
    closed = said("review", "--close", *WHO)
    assert closed["results"] == {"disabled": 3, "left": 1}
    assert not is_in_use("zhang")
    assert AuditRecord.objects.get(code="accounts:review:closed").actor_username == (
        "ann"
    )
    for form in ("html", "docx", "xlsx"):
        file = tmp_path / f"review.{form}"
        said("review", "--quarter", opened["quarter"], "-o", str(file))
        assert file.stat().st_size > 1000
    assert [one.name for one in tmp_path.glob(".*")] == []
    assert AuditRecord.objects.filter(code="accounts:review:exported").count() == 3
    out = StringIO()
    call_command("jtsec_accounts_review", "--quarter", opened["quarter"], stdout=out)
    assert "zhang" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--list",), 1),
        (("--list", "--quarter", "2026-Q9"), 2),
        (("--close", *WHO), 1),
        (("--open",), 2),
        (("--open", "--actor", "ann"), 2),
        (("--open", "--actor", "nobody", "--reason", "x"), 3),
        (("--open", "--actor", "zhang", "--reason", "x"), 3),
        (("--open", "--actor", "ann", "--reason", "x" * 300), 2),
    ],
)
def test_nonsense_for_the_review_ends_with_its_code(
    arguments: tuple[str, ...], code: int
) -> None:
    """And a sentence; nothing is drawn up."""
    got, sentence = refused("review", *arguments)
    assert got == code
    assert sentence
    assert not AccountReview.objects.exists()


def test_a_form_that_does_not_exist_leaves_no_file(tmp_path: Path) -> None:
    """Nor does a folder that does not exist."""
    said("review", "--open", *WHO)
    assert refused("review", "-o", str(tmp_path / "review.pdf"))[0] == 2
    assert refused("review", "-o", str(tmp_path / "none" / "review.html"))[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_an_altered_list_is_not_shown(tmp_path: Path) -> None:
    """The command ends with a clear sentence and an alarm."""
    said("review", "--open", *WHO)
    rows = ReviewedAccount.objects.filter(username="li")
    rows._raw_delete(rows.db)
    assert refused("review")[0] == 2
    assert AuditRecord.objects.filter(code="accounts:review:broken").exists()


@pytest.mark.clause("P44.1")
def test_a_timer_suspends_what_is_unused() -> None:
    """Exit 0; the list shows it afterwards; run again it does nothing."""
    unused_for("zhang", 400)
    listed = said("suspend", "--list")
    assert [one["username"] for one in listed["unused"]] == ["zhang"]
    assert is_in_use("zhang")
    done = said("suspend", "--actor", "timer", "--reason", "每日检查")
    assert [one["username"] for one in done["suspended"]] == ["zhang"]
    assert not is_in_use("zhang")
    listed = said("suspend", "--list")
    assert [one["username"] for one in listed["suspended"]] == ["zhang"]
    assert said("suspend", "--actor", "timer", "--reason", "x")["suspended"] == []
    event = AuditRecord.objects.get(code="accounts:unused:suspended")
    assert (event.actor_kind, event.actor_username) == ("system", "timer")
    for arguments in (("--list",), ("--actor", "timer", "--reason", "x")):
        out = StringIO()
        call_command("jtsec_accounts_suspend", *arguments, stdout=out)
        assert out.getvalue()


@pytest.mark.clause("P38", "P44.1")
def test_who_has_to_stay_is_said_with_an_exit_code() -> None:
    """Exit 1: the last administrators stay, somebody has to look."""
    unused_for("ann", 400)
    unused_for("bob", 500)
    code, _sentence = refused("suspend", "--actor", "timer", "--reason", "x")
    assert code == 1
    assert [is_in_use("ann"), is_in_use("bob")] == [True, True]


@pytest.mark.parametrize(
    "arguments", [(), ("--actor", "timer"), ("--actor", "timer", "--reason", "a\x00b")]
)
def test_nonsense_for_the_suspension_suspends_nobody(
    arguments: tuple[str, ...],
) -> None:
    """Exit 2 and a sentence."""
    unused_for("zhang", 400)
    assert refused("suspend", *arguments)[0] == 2
    assert is_in_use("zhang")
