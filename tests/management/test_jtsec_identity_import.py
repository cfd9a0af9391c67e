"""The import of people from CSV: all of a file or nothing, each bad line named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from django.core.management import CommandError, call_command
from django.db import connection

from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from jtsec.identity import api, staff_file
from jtsec.identity.models import (
    Identity,
    IdentityGate,
    IdentityLedger,
    Organization,
)
from tests import databases
from tests.identity import people

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A3.1.2", "A3.1.4", "P15.2")]
HEADER = (
    "username,name,resident_id,is_police,number,organisation,organisation_name,duty"
)
TABLES = (Identity, IdentityLedger, Organization, IdentityGate, AuditRecord)


def line(username: str, which: int, /, **other: str) -> str:
    """Return a good line about somebody, with some fields otherwise."""
    values = {
        "username": username,
        "name": "张三",
        "resident_id": people.resident_id(which),
        "is_police": "1",
        "number": f"{which:06}",
        "organisation": people.CODE,
        "organisation_name": "交警支队",
        "duty": "business",
    }
    return ",".join((values | other).values())


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Return a verb that writes a file of lines and returns its path."""

    def write(*lines: str, header: str = HEADER, encoding: str = "utf-8") -> str:
        path = tmp_path / "staff.csv"
        path.write_bytes("\r\n".join((header, *lines, "")).encode(encoding))
        return str(path)

    return write


@pytest.fixture(autouse=True)
def users() -> None:
    """Have users that were there before jtsec."""
    for username in ("zhang", "li", "wang"):
        people.user(username)


def run(path: str, *options: str, real: bool = True) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    out = StringIO()
    who = ("--actor", "sysadmin", "--reason", "first import") if real else ()
    try:
        call_command("jtsec_identity_import", path, *who, *options, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def content() -> list[Any]:
    """Return everything an import could change."""
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def test_people_are_registered_with_their_organisation(write: Any):
    """And can be verified as any other."""
    code, text = run(
        write(line("zhang", 1), line("li", 2, is_police="否", number="FJ-2"))
    )
    assert code == 0, text
    assert "2" in text
    for one in Identity.objects.all():
        api.verify(one)
    assert Organization.objects.get().name == "交警支队"
    assert AuditRecord.objects.filter(code="identity:person:registered").count() == 2
    done = AuditRecord.objects.get(code="identity:file:imported")
    assert done.actor_username == "sysadmin"
    assert "first import" in bytes(done.payload).decode()


@pytest.mark.parametrize(
    ("encoding", "options"),
    [("utf-8-sig", ()), ("gb18030", ("--encoding", "gb18030"))],
)
def test_files_of_common_programs_are_read(
    write: Any, encoding: str, options: tuple[str, ...]
):
    """UTF-8 with a byte order mark, and GB18030."""
    path = write(line("zhang", 1, duty="系统管理员", is_police="是"), encoding=encoding)
    code, text = run(path, *options)
    assert code == 0, text
    assert (Identity.objects.get().name, Identity.objects.get().duty) == (
        "张三",
        "system",
    )


def test_another_encoding_is_named_with_the_option(write: Any):
    """Instead of names that cannot be read."""
    code, text = run(write(line("zhang", 1), encoding="gb18030"))
    assert code == 2
    assert "--encoding" in text


BAD = {
    "username": ("nobody", "username"),
    "name": ("张", "name"),
    "resident_id": ("110105194912310021", "resident_id"),
    "is_police": ("perhaps", "is_police"),
    "number": ("12", "number"),
    "organisation": ("12", "organisation"),
    "duty": ("boss", "duty"),
}


@pytest.mark.parametrize("dry", [True, False], ids=["dry", "real"])
def test_every_bad_line_is_named_and_nothing_is_changed(write: Any, dry: bool):
    """With line, column and reason; the good lines stay out as well."""
    lines = [line("zhang", 1)]
    lines += [line("li", 2, **{column: value}) for column, (value, _) in BAD.items()]
    before = content()
    options = ("--json", "--dry-run") if dry else ("--json",)
    code, text = run(write(*lines), *options, real=not dry)
    assert code == 1
    report = json.loads(text.splitlines()[0].rpartition("}")[0] + "}")
    named = {(fault["line"], fault["column"]) for fault in report["faults"]}
    assert named == {(at, c) for at, (_, c) in enumerate(BAD.values(), start=3)}
    assert all(fault["reason"] for fault in report["faults"])
    assert report["registered"] == 0
    assert content() == before


def test_a_dry_run_of_a_good_file_changes_nothing(write: Any):
    """And says what a real run would do."""
    before = content()
    code, text = run(write(line("zhang", 1)), "--dry-run", real=False)
    assert code == 0
    assert "1" in text
    assert content() == before


def test_two_lines_with_the_same_are_both_named(write: Any):
    """Username, ID number and number, each."""
    same_id = line("li", 2, resident_id=people.resident_id(1))
    same_number = line("wang", 3, number="000001")
    path = write(line("zhang", 1), same_id, same_number, line("zhang", 4))
    code, text = run(path)
    assert code == 1
    faults = [one for one in text.splitlines() if one.count("2") and "," in one]
    assert len(faults) == 3
    for at, column in ((3, "resident_id"), (4, "number"), (5, "username")):
        assert any(str(at) in one and column in one for one in faults)
    assert not Identity.objects.exists()


def test_what_belongs_to_somebody_else_is_named(write: Any):
    """Somebody registered, and somebody who was deleted."""
    with acting_as(system_actor("clerk")):
        people.person("old", 1)
        people.person("gone", 2).user.delete()
    path = write(
        line("zhang", 3, resident_id=people.resident_id(1)),
        line("li", 4, number="000002"),
    )
    code, text = run(path)
    assert code == 1
    assert "resident_id" in text
    assert "number" in text
    assert Identity.objects.count() == 1


def test_an_import_can_be_run_again(write: Any):
    """Who is registered just so is left alone; who is registered otherwise is named."""
    assert run(write(line("zhang", 1)))[0] == 0
    before = list(Identity.objects.values())
    code, text = run(write(line("zhang", 1), line("li", 2)), "--json")
    assert (code, json.loads(text)["registered"]) == (0, 1)
    assert json.loads(text)["unchanged"] == 1
    assert list(Identity.objects.filter(login_name="zhang").values()) == before
    code, text = run(write(line("zhang", 1, duty="audit")))
    assert code == 1
    assert "username" in text


def test_no_id_number_is_printed(write: Any):
    """Neither of good nor of bad lines."""
    bad = people.resident_id(2)[:-1] + "?"
    path = write(line("zhang", 1), line("li", 2, resident_id=bad), line("wang", 1))
    for options in ((), ("--json",), ("--dry-run",)):
        _, text = run(path, *options)
        assert people.resident_id(1) not in text
        assert bad[:17] not in text


@pytest.mark.parametrize(
    ("header", "word"),
    [
        (HEADER + ",colour", "colour"),
        (HEADER.replace("number,", ""), "number"),
        (HEADER.replace("number,", "name,"), "name"),
        ("", "username"),
        (HEADER.replace(",", ";"), "username;"),
    ],
)
def test_strange_missing_and_repeated_columns_are_named(
    write: Any, header: str, word: str
):
    """The file as a whole cannot be used."""
    code, text = run(write(header=header))
    assert code == 2
    assert word in text


def test_a_line_of_another_length_is_named(write: Any):
    """By the line on which it begins, whatever was quoted before it."""
    path = write('zhang,"张\n三",1', "", line("li", 2) + ",x", line("wang", 3))
    code, text = run(path, "--json")
    report = json.loads(text.splitlines()[0].rpartition("}")[0] + "}")
    assert code == 1
    assert [fault["line"] for fault in report["faults"]] == [2, 5]


@pytest.mark.parametrize("content", [b"\x00\x01", b'username,"x', b"\xff\xfe"])
def test_what_is_no_csv_is_refused(tmp_path: Path, content: bytes):
    """Without a traceback."""
    path = tmp_path / "staff.csv"
    path.write_bytes(content)
    assert run(str(path))[0] == 2


def test_a_file_that_is_too_large_or_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With its name or the limit."""
    assert run(str(tmp_path / "none.csv"))[0] == 2
    monkeypatch.setattr(staff_file, "LARGEST", 10)
    path = tmp_path / "staff.csv"
    path.write_bytes(b"x" * 11)
    assert run(str(path))[0] == 2


def test_a_real_run_needs_to_know_who_and_why(write: Any):
    """A dry run does not."""
    code, text = run(write(line("zhang", 1)), real=False)
    assert code == 2
    assert "--actor" in text
    assert not Identity.objects.exists()


def test_an_organisation_must_be_known_or_named_once(write: Any):
    """Two names for one code are a mistake in the file."""
    path = write(line("zhang", 1, organisation_name=""))
    assert "organisation" in run(path)[1]
    path = write(line("zhang", 1), line("li", 2, organisation_name="别的"))
    code, text = run(path)
    assert code == 1
    assert "organisation_name" in text


@pytest.fixture
def child_environment() -> Iterator[dict[str, str]]:
    """Return the environment of a process on the same database."""
    exact = databases.environment(connection.settings_dict)
    yield os.environ | exact | {"DJANGO_SETTINGS_MODULE": "tests.settings"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_exit_code_reaches_the_shell(write: Any, child_environment: dict[str, str]):
    """0, 1 and 2, as scripts see them."""

    def exit_code(path: str, *options: str) -> int:
        command = [sys.executable, "-m", "django", "jtsec_identity_import", path]
        return subprocess.run(
            [*command, *options, "--skip-checks"],
            env=child_environment,
            capture_output=True,
            check=False,
        ).returncode

    assert exit_code(write(line("zhang", 1)), "--dry-run") == 0
    assert exit_code(write(line("nobody", 1)), "--dry-run") == 1
    assert exit_code(write(line("zhang", 1))) == 2
    assert exit_code("none.csv", "--nonsense") == 2
