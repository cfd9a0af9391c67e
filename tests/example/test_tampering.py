"""Who changes the example's data behind its back is found out, by name, at once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.example.demonstration import Demonstration
from tests.example.test_permits import NUMBER
from tests.example.visitor import Visitor

pytestmark = pytest.mark.clause("A6.1", "A6.2", "A5.6")

CHANGED = "UPDATE permits_permit SET route = '任意道路' WHERE id = 17"
REMOVED = "DELETE FROM permits_permit WHERE id = 17"
ADDED = (
    "INSERT INTO permits_permit ({names}) SELECT {values} FROM permits_permit"
    " WHERE id = 17"
)


def execute(demonstration: Demonstration, statement: str) -> None:
    """Run a statement as somebody does who got hold of the database."""
    with closing(sqlite3.connect(demonstration.database)) as database:
        database.execute(statement)
        database.commit()


def added(demonstration: Demonstration) -> str:
    """Return a statement that copies a row, its seal included, to a new one."""
    with closing(sqlite3.connect(demonstration.database)) as database:
        columns = database.execute("PRAGMA table_info(permits_permit)").fetchall()
    names = [row[1] for row in columns]
    new = {"id": "9999", "number": "'TX2026010100000000'"}
    return ADDED.format(
        names=", ".join(names), values=", ".join(new.get(one, one) for one in names)
    )


def verified(demonstration: Demonstration) -> tuple[int, str]:
    """Return exit code and findings of the one command."""
    done = demonstration.manage("jtsec_data_verify", "--json")
    return done.returncode, json.dumps(json.loads(done.stdout)["tables"])


def test_one_command_names_what_was_changed(demonstration: Demonstration) -> None:
    """Sound before; then the row, by the table and its key."""
    assert verified(demonstration)[0] == 0
    execute(demonstration, CHANGED)
    code, found = verified(demonstration)
    assert code == 1
    assert "permits.permit:17" in found


@pytest.mark.slow
def test_it_finds_what_was_added_and_what_is_missing(
    demonstration: Demonstration,
) -> None:
    """A copied row by its name; a removed one by the root of the table."""
    execute(demonstration, added(demonstration))
    code, found = verified(demonstration)
    assert code == 1
    assert "permits.permit:9999" in found
    execute(demonstration, "DELETE FROM permits_permit WHERE id = 9999")
    assert verified(demonstration)[0] == 0
    execute(demonstration, REMOVED)
    assert verified(demonstration)[0] == 1


def test_nobody_works_on_with_a_changed_row(demonstration: Demonstration) -> None:
    """Its page says so, its alarm names it, and the lists show the others."""
    with demonstration.served() as address:
        officer = Visitor(address)
        officer.log_in("zhang")
        numbers = set(NUMBER.findall(officer.get("/permits/").text))
        number = sorted(numbers)[0]
        key = key_of(demonstration, number)
        execute(demonstration, CHANGED.replace("17", key))
        answer = officer.get(f"/permits/{number}/")
        assert answer.status == 500
        assert "任意道路" not in answer.text
        assert "JT-" in answer.text
        page = officer.get("/permits/").text
        assert set(NUMBER.findall(page)) == numbers - {number}
        assert page.count('class="permits-altered"') == 1
        rows = json.loads(officer.call("/api/permits/").text)["results"]
    assert {row.get("number") for row in rows} == {*numbers, None} - {number}
    (altered,) = (row for row in rows if "number" not in row)
    assert set(altered) == {"is_altered", "detail"}
    assert f"permits.permit:{key}" in events(demonstration, "protection:row:altered")


def test_an_attachment_that_was_exchanged_is_not_handed_out(
    demonstration: Demonstration,
) -> None:
    """Changed on the disk: refused, and told."""
    number, name = attachment_of(demonstration)
    path = next(Path(demonstration.folder).rglob(Path(name).name))
    content = bytearray(path.read_bytes())
    assert b"%PDF" not in content
    content[-1] ^= 1
    path.write_bytes(content)
    with demonstration.served() as address:
        officer = Visitor(address)
        officer.log_in("zhang")
        assert officer.get(f"/permits/{number}/attachment/").status == 404
    assert events(demonstration, "access:file:altered")


def key_of(demonstration: Demonstration, number: str) -> str:
    """Return the primary key of an application."""
    query = f"SELECT id FROM permits_permit WHERE number = '{number}'"
    with closing(sqlite3.connect(demonstration.database)) as database:
        (key,) = database.execute(query).fetchone()
    return str(key)


def attachment_of(demonstration: Demonstration) -> tuple[str, str]:
    """Return number and file of an application of zhang's that has one."""
    query = (
        "SELECT number, attachment FROM permits_permit JOIN auth_user"
        " ON filed_by_id = auth_user.id WHERE attachment <> '' AND sensitivity = 0"
        " AND username = 'zhang'"
    )
    with closing(sqlite3.connect(demonstration.database)) as database:
        number, name = database.execute(query).fetchone()
    return str(number), str(name)


def events(demonstration: Demonstration, code: str) -> str:
    """Return what the events of a code are about."""
    query = f"SELECT resource FROM jtsec_auditrecord WHERE code = '{code}'"
    with closing(sqlite3.connect(demonstration.database)) as database:
        return " ".join(row[0] for row in database.execute(query))
